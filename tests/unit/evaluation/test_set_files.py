"""The shipped sets are sound: large enough, without doubles, and about topics and facets that exist."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from evaluation import set_files
from evaluation.questions import QuestionFileError
from knowledge import content_files
from knowledge.checking import normal
from knowledge.schema import Entry, Facet, Topic
from tests.house.test_fair_phrasings import QUESTION_FILES, learnt_from


@pytest.fixture(scope="module")
def content() -> content_files.Content:
    return content_files.read()[0]


def said() -> list[str]:
    """Every message of every set of ours."""
    turns = [turn.say for script in set_files.scripts() for turn in script.turns]
    return [*turns, *(m.say for m in set_files.several()), *(m.say for m in set_files.spoken()), *(c.text for c in set_files.person())]


def test_the_sets_are_large_enough() -> None:
    assert len(set_files.scripts()) >= 30
    assert len(set_files.several()) >= 30
    assert len(set_files.spoken()) >= 30
    wanted = [c.wanted for c in set_files.person()]
    assert wanted.count(True) >= 80
    assert wanted.count(False) >= 80
    assert {c.wanted for c in set_files.safety()} == {True, False}


def test_both_languages_are_in_every_set() -> None:
    for found in (set_files.scripts(), set_files.several(), set_files.spoken(), set_files.person(), set_files.safety()):
        assert {asked.language for asked in found} == {"en", "es"}


def test_no_number_and_no_ask_stands_twice() -> None:
    for found in (set_files.scripts(), set_files.several(), set_files.spoken()):
        assert len({asked.id for asked in found}) == len(found)
    assert len({normal(c.text) for c in set_files.person()}) == len(set_files.person())


def test_every_expected_topic_and_facet_exists(content: content_files.Content) -> None:
    topics = set(content.of(Topic))
    pairs = {f"{e.topic}.{e.facet.value}" for e in content.of(Entry).values()}
    turns = [turn for script in set_files.scripts() for turn in script.turns]
    assert {t for turn in turns for t in turn.topic} <= topics
    assert {f for turn in turns for f in turn.facet} <= {f.value for f in Facet}
    assert {w for asked in set_files.several() for one in asked.topics for w in one} <= topics | pairs


def test_every_expected_turn_can_be_answered(content: content_files.Content) -> None:
    """Among the alternatives there is an entry that has the topic and the facet."""
    pairs = {(e.topic, e.facet.value) for e in content.of(Entry).values()}
    turns = [turn for script in set_files.scripts() for turn in script.turns if turn.topic and turn.facet]
    assert [t.say for t in turns if not any((a, b) in pairs for a in t.topic for b in t.facet)] == []


def test_nothing_of_the_sets_was_learned_from() -> None:
    """What answers are measured with is no phrasing (short ones are everybody's words)."""
    assert {line for line in map(normal, said()) if line in learnt_from()} == set()


if QUESTION_FILES:

    @pytest.mark.parametrize("path", QUESTION_FILES, ids=lambda p: p.name)
    def test_nothing_of_the_sets_was_copied_from_a_question_file(path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as lines:
            asked = {normal(row["question"]) for row in csv.DictReader(lines)}
        assert {line for line in map(normal, said()) if line in asked and len(line.split()) >= 5} == set()


def test_alternatives_are_parted_by_a_bar() -> None:
    turn = set_files.Turn.model_validate({"say": "how much", "kind": "same_topic", "topic": "ap|ib"})
    assert turn.topic == {"ap", "ib"}
    assert turn.facet == frozenset()


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "context.yml"
    path.write_text("- {id: a, language: fr, turns: [{say: hi, kind: first}, {say: hi, kind: odd}]}\n", encoding="utf-8")
    with pytest.raises(QuestionFileError) as told:
        set_files.scripts(path)
    assert "language" in str(told.value)
    assert "kind" in str(told.value)


def test_a_case_file_tells_its_missing_column(tmp_path: Path) -> None:
    path = tmp_path / "person.csv"
    path.write_text("text,language\nhi,en\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match="wanted"):
        set_files.person(path)
