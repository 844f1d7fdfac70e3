"""desk.editor.differences and desk.editor.merging: what changed, word by word, and two people's changes made one."""

from __future__ import annotations

from desk.editor.differences import differences, words
from desk.editor.merging import choose, merge
from knowledge.schema import Checklist, Entry, Fact

BASE = {
    "question.en": "Q",
    "answer.en": "one two",
    "answer.es": "uno dos",
    "owner": "content",
    "written.en": "2026-01-01",
    "written.es": "2026-01-01",
}


def test_words_that_went_and_came_are_told_apart_and_make_both_texts() -> None:
    old, new = "The grant pays $500\nevery year.", "The grant pays $700\nevery single year."
    pieces = words(old, new)
    assert "".join(p.text for p in pieces if p.what != "new") == old
    assert "".join(p.text for p in pieces if p.what != "gone") == new
    assert [(p.what, p.text.strip()) for p in pieces if p.what != "same"] == [("gone", "$500"), ("new", "$700"), ("new", "single")]


def test_only_fields_that_differ_are_listed_in_both_languages_without_the_days_of_writing() -> None:
    new = {**BASE, "answer.es": "uno tres", "answer.en": "one three", "written.es": "2026-02-02"}
    assert [(d.label, d.language) for d in differences(Entry, BASE, new)] == [("Answer, English", "en"), ("Answer, Spanish", "es")]


def test_changes_of_different_fields_join_by_themselves() -> None:
    made = merge(Entry, BASE, {**BASE, "answer.es": "otro", "written.es": "2026-03-03"}, {**BASE, "answer.en": "mine", "written.en": "2026-03-04"})
    assert (made.values["answer.en"], made.values["answer.es"], made.clashes, made.joined) == ("mine", "otro", (), ("Answer, Spanish",))
    assert (made.values["written.en"], made.values["written.es"]) == ("2026-03-04", "2026-03-03")


def test_a_field_both_changed_is_to_be_chosen_and_both_texts_are_there() -> None:
    theirs, mine = {**BASE, "answer.en": "theirs", "owner": "aid"}, {**BASE, "answer.en": "mine"}
    made = merge(Entry, BASE, theirs, mine)
    (clash,) = made.clashes
    assert (clash.name, clash.base, clash.theirs, clash.mine) == ("answer.en", "one two", "theirs", "mine")
    assert choose(Entry, made.values, theirs, {"answer.en": "mine"})["answer.en"] == "mine"
    assert choose(Entry, made.values, theirs, {"answer.en": "theirs"})["answer.en"] == "theirs"
    assert made.values["owner"] == "aid"


def test_the_same_change_by_both_is_no_clash() -> None:
    both = {**BASE, "answer.en": "same"}
    assert merge(Entry, BASE, both, dict(both)).clashes == ()


def test_steps_are_merged_as_a_whole() -> None:
    base = {"steps.0.id": "a", "steps.0.title.en": "A", "steps.1.id": "b", "steps.1.title.en": "B"}
    theirs, mine = {**base, "steps.0.title.en": "A!"}, {"steps.0.id": "b", "steps.0.title.en": "B"}
    made = merge(Checklist, base, theirs, mine)
    assert [c.name for c in made.clashes] == ["steps"]
    chosen = choose(Checklist, made.values, theirs, {"steps": "theirs"})
    assert {n: t for n, t in chosen.items() if n.startswith("steps.")} == theirs
    kept = choose(Checklist, made.values, theirs, {"steps": "mine"})
    assert {n: t for n, t in kept.items() if n.startswith("steps.")} == mine


def test_a_fact_s_value_and_its_words_by_language_are_pieces_of_their_own() -> None:
    base = {"value": "5", "value.en": "", "value.es": ""}
    made = merge(Fact, base, {**base, "value": "6"}, {**base, "value.en": "six"})
    assert (made.values["value"], made.values["value.en"], made.clashes) == ("6", "six", ())
