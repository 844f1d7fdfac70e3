"""What a student reads: whole without cards, in both languages, with sources and next steps."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

import pytest

from knowledge import content_files
from knowledge.pathway_replies import compare_reply, found_reply, without_bachelor_reply
from knowledge.pathways_schema import Cluster, Occupation, Program
from knowledge.pathways_wishes import KINDS, Wish
from knowledge.replies import AnswerStatus, Reply
from knowledge.schema import LANGUAGES, Language
from knowledge.snapshot import Snapshot


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Snapshot.from_content(content_files.read_or_raise())


WISHES = [
    Wish(), Wish("yakima", (Cluster.HEALTH,)), Wish("spokane", types=KINDS["apprenticeship"], earn=True), Wish("clark", length="short"),
    Wish("snohomish", (Cluster.MANUFACTURING,), "welder"), Wish("ferry", (Cluster.MARITIME,), length="short", earn=True), Wish("wahkiakum", (Cluster.BUSINESS,), free=True),
]  # fmt: skip


def everything(reply: Reply) -> str:
    answer = reply.answer
    assert answer is not None
    cells = [c for row in answer.table.rows for c in row] if answer.table else []
    return "\n".join([reply.text, *(line for card in answer.cards for line in card.lines), *cells])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wish", WISHES)
def test_found_programs_are_told_whole(snapshot: Snapshot, wish: Wish, language: Language, today: dt.date) -> None:
    reply = found_reply(snapshot, wish, language, today)
    assert reply.answer is not None
    assert reply.answer.status is AnswerStatus.PATHWAY
    assert reply.answer.cards
    assert reply.answer.sources
    assert all(card.title in reply.text for card in reply.answer.cards)
    assert all(c.id.removeprefix("entry:") in snapshot.entries for c in reply.choices if c.id.startswith("entry:"))
    said = everything(reply)
    assert not re.search(r"<\w+>|[{}]|\[\[", said)
    assert all(re.search(r"\((United States|Estados Unidos|Washington), 20\d\d\)", line) for line in said.splitlines() if "$" in line)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wish", WISHES)
def test_cards_say_in_pieces_what_the_text_says_so_that_a_brief_word_is_enough(
    snapshot: Snapshot, wish: Wish, language: Language, today: dt.date
) -> None:
    reply = found_reply(snapshot, wish, language, today)
    assert reply.answer is not None
    assert reply.answer.brief is not None
    assert not any(card.title in reply.answer.brief for card in reply.answer.cards)
    assert all(part in reply.text for part in reply.answer.brief.split("\n\n"))
    for card in reply.answer.cards:
        kinds = [detail.kind for detail in card.details]
        assert {"length", "cost", "why"} <= set(kinds)
        assert card.checked_on is not None
        assert card.subtitle in card.lines
        assert {f"{d.label}: {d.value}" for d in card.details if d.kind != "length"} <= set(card.lines)
        assert not re.search(r"<\w+>", card.subtitle + "".join(d.label + d.value for d in card.details))


def test_what_was_let_go_is_said(snapshot: Snapshot, today: dt.date) -> None:
    wish = Wish("ferry", (Cluster.MARITIME,), length="short")
    assert found_reply(snapshot, wish, "en", today).text.startswith(snapshot.wordings["pathway_widened_length"].text.en)


def test_nothing_at_all_is_said_honestly(snapshot: Snapshot, today: dt.date) -> None:
    emptied = Snapshot(snapshot.version, {**snapshot.documents, "program": {}})
    reply = found_reply(emptied, Wish("king"), "es", today)
    assert "Career Bridge" in reply.text
    assert reply.choices[-1].id == "human"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_reads_alone_and_has_a_table(snapshot: Snapshot, language: Language, today: dt.date) -> None:
    reply = compare_reply(snapshot, "dental-hygienist", "dental-assistant", language, today)
    assert "$94,260" in reply.text
    assert "2024" in reply.text
    assert reply.answer is not None
    assert reply.answer.table is not None
    assert all(len(row) == 3 for row in reply.answer.table.rows)
    assert len(reply.answer.table.rows) == 8
    assert reply.answer.brief is not None
    assert "$" not in reply.answer.brief, "the figures stand in the table"
    assert {s.url.split("/")[2] for s in reply.answer.sources} == {"www.bls.gov"}
    assert not re.search(r"<\w+>", everything(reply))


def test_every_pair_of_neighbours_can_be_compared(snapshot: Snapshot, today: dt.date) -> None:
    jobs = list(snapshot.all(Occupation))
    for a, b in pairwise(jobs):
        assert compare_reply(snapshot, a, b, "es", today).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_bachelors_degree(snapshot: Snapshot, language: Language, today: dt.date) -> None:
    reply = without_bachelor_reply(snapshot, (Cluster.HEALTH,), language, today)
    assert "$94,260" in reply.text
    assert "entry:career_wages.what_is" in {c.id for c in reply.choices}


def test_no_reply_calls_a_wage_family_sustaining(snapshot: Snapshot, today: dt.date) -> None:
    for wish in WISHES:
        assert "family-sustaining" not in everything(found_reply(snapshot, wish, "en", today)).lower()


def test_every_program_can_be_shown_in_both_languages(snapshot: Snapshot, today: dt.date) -> None:
    for p in snapshot.all(Program).values():
        alone = Snapshot(snapshot.version, {**snapshot.documents, "program": {p.id: p}})
        for language in LANGUAGES:
            reply = found_reply(alone, Wish(), language, today)
            assert p.name in reply.text
            assert not re.search(r"<\w+>", everything(reply))
