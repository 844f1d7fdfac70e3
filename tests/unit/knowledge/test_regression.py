"""knowledge.regression: which questions are held to which answers, as shipped and as staff changed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import regression
from knowledge.archive import accepted_table
from knowledge.regression import Accepted
from knowledge.store import Store

NEW = "does the zorble pay for quux"


def held(store: Store) -> dict[str, str]:
    return {pair.question: pair.target for pair in regression.accepted(store)}


def test_no_shipped_question_stands_twice_and_both_languages_are_held() -> None:
    pairs = regression.shipped()
    assert len({pair.digest for pair in pairs}) == len(pairs)
    assert sum(pair.language == "es" for pair in pairs) > 50 and sum(pair.language == "en" for pair in pairs) > 100


def test_a_pair_added_is_held_with_who_added_it(store: Store) -> None:
    regression.add(store, f"  {NEW} \n", "en", "trail_start.cost", "ed@example.org")
    assert Accepted(NEW, "en", "trail_start.cost", "ed@example.org") in regression.accepted(store)
    assert len(regression.accepted(store)) == len(regression.shipped()) + 1


def test_a_second_word_on_the_same_question_replaces_the_first(store: Store) -> None:
    regression.add(store, NEW, "en", "trail_start.cost", "ed@example.org")
    regression.add(store, f"{NEW.upper()}?", "en", "trail_start.what_is", "ann@example.org")
    assert held(store)[NEW] == "trail_start.what_is"
    regression.add(store, NEW, "es", "trail_start.cost", "ed@example.org")
    assert [p.target for p in regression.accepted(store) if p.question == NEW] == ["trail_start.cost", "trail_start.what_is"]


def test_a_pair_is_taken_back_even_if_it_shipped(store: Store) -> None:
    gone = regression.shipped()[0]
    regression.take_back(store, gone.question, gone.language, "ed@example.org")
    assert gone.question not in held(store)
    assert len(held(store)) == len({p.question for p in regression.shipped()}) - 1


@pytest.mark.parametrize(("question", "language", "target"), [(" ?! ", "en", "a.cost"), (NEW, "fr", "a.cost"), (NEW, "en", "")])
def test_what_cannot_be_asked_is_refused(store: Store, question: str, language: str, target: str) -> None:
    with pytest.raises(ValueError, match=r"empty|not a language|Name the entry"):
        regression.add(store, question, language, target, "ed@example.org")


def test_the_file_is_read_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("question,language,target\n¿qué es ap?,es,ap.what_is\n", encoding="utf-8")
    assert regression.shipped(tmp_path / "r.csv") == (Accepted("¿qué es ap?", "es", "ap.what_is"),)


def test_pairs_taken_from_one_store_are_held_by_another_and_bringing_them_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "regression.csv"
    path.write_text(accepted_table([Accepted(NEW, "en", "trail_start.cost"), Accepted('a "b", c', "es", "trail_start.what_is")]), encoding="utf-8")
    assert not regression.changed(store)
    assert regression.bring(store, path, "content files") == 2
    assert (held(store)[NEW], held(store)['a "b", c']) == ("trail_start.cost", "trail_start.what_is")
    assert regression.bring(store, path, "content files") == 0 and regression.changed(store)
    assert regression.bring(store, tmp_path / "none.csv", "content files") == 0
