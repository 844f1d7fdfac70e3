"""desk.editor.fields and desk.editor.forms: a form for every kind out of its schema, and nothing lost on the way back."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.editor.fields import Shape, fields_of, rows_of
from desk.editor.forms import body_from, flat_of, posted, read, rechecked, redated, whole
from desk.editor.naming import label_of, language_of, title_of
from desk.editor.parts import moved
from knowledge.kinds import KINDS
from knowledge.pathways_schema import Occupation, Program
from knowledge.schema import Checklist, Entry, Fact
from knowledge.snapshot import Snapshot
from knowledge.store import body_of

TODAY = dt.date(2026, 11, 27)
AMOUNT = {"id": "a.b", "type": "amount", "about": "x", "as_of": "2026", "source": "s", "checked_on": "2026-11-01"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_kind_has_an_input(kind: str) -> None:
    fields = fields_of(KINDS[kind])
    assert [f.name for f in fields] == list(KINDS[kind].model_fields)
    assert all(f.label for f in fields)
    assert all(f.options for f in fields if f.shape in (Shape.CHOICE, Shape.CHOICES))
    assert all(f.inner for f in fields if f.shape is Shape.MANY)


def test_shapes_come_from_the_schema() -> None:
    shapes = {f.name: (f.shape, f.refers) for f in fields_of(Entry)}
    assert shapes["answer"] == (Shape.TEXT, None)
    assert shapes["phrasings"] == (Shape.TWO_LINES, None)
    assert shapes["sources"] == (Shape.LINES, "source")
    assert shapes["see_also"] == (Shape.LINES, "entry")
    assert shapes["audience"] == (Shape.CHOICES, None)
    assert shapes["person_helps"] == (Shape.TICK, None)
    assert {f.name: f.refers for f in fields_of(Program)}["counties"] == "county"
    steps = next(f for f in fields_of(Checklist) if f.name == "steps")
    assert {f.name: f.refers for f in steps.inner}["link"] == "fact"


def test_a_pair_of_plain_fields_stands_side_by_side() -> None:
    rows = [tuple(f.name for f in row) for row in rows_of(fields_of(Occupation))]
    assert ("title_en", "title_es") in rows
    assert ("cluster",) in rows


def test_every_document_comes_back_from_its_form_as_it_was(tiny_snapshot: Snapshot) -> None:
    documents = [d for kind in tiny_snapshot.documents.values() for d in kind.values()]
    assert {d.kind for d in documents} >= {"entry", "fact", "source", "topic", "checklist", "refusal", "wording"}
    for document in documents:
        assert read(type(document), flat_of(type(document), body_of(document))) == (document, [])


@pytest.mark.parametrize(("typed", "value"), [("7395", 7395), ("7,395", 7395), ("12.5", 12.5)])
def test_a_figure_typed_becomes_a_number(typed: str, value: float) -> None:
    fact, _ = read(Fact, {**AMOUNT, "value": typed})
    assert isinstance(fact, Fact) and fact.value == value


def test_words_for_a_figure_are_refused_in_plain_words_and_a_text_may_differ_by_language() -> None:
    assert read(Fact, {**AMOUNT, "value": "a lot"})[1] == [("document", "value of a amount must be a plain number, not 'a lot'")]
    fact, _ = read(Fact, {**AMOUNT, "type": "text", "value.en": "each fall", "value.es": "cada otoño"})
    assert isinstance(fact, Fact) and flat_of(Fact, body_of(fact))["value.es"] == "cada otoño"


def test_faults_are_told_by_field_in_plain_words() -> None:
    _, wrong = read(Entry, {**flat_of(Entry, {}), "id": "Bad Name", "topic": "t", "facet": "cost", "answer.en": "x", "written.en": "soon"})
    told = dict(wrong)
    assert told["answer.es"] == "is empty"
    assert told["id"] == "“Bad Name” has characters that may not stand here"
    assert told["written.en"] == "is not a day; write it as 2026-11-27"
    assert told["sources"] == "needs more"


def test_what_is_empty_and_may_be_missing_is_left_out_and_an_unticked_box_says_no() -> None:
    body = body_from(Entry, {"person_helps": "", "see_also": "", "sources": "a\n\n b ", "phrasings.en": "one\ntwo", "phrasings.es": ""})
    assert (body["person_helps"], body["sources"], body["phrasings"]) == (False, ["a", "b"], {"en": ["one", "two"]})
    assert "see_also" not in body and "owner" not in body


def test_a_half_written_body_is_kept_as_it_is_and_a_whole_one_in_its_one_form(tiny_snapshot: Snapshot) -> None:
    assert whole(Entry, {"answer": {"en": "Half"}}) == {"answer": {"en": "Half"}}
    entry = tiny_snapshot.entries["trail_start.cost"]
    assert whole(Entry, {**body_of(entry), "person_helps": entry.person_helps, "see_also": list(entry.see_also)}) == body_of(entry)


def test_what_a_browser_posts_is_read_by_field_and_nothing_else() -> None:
    form = {"audience": ["student", "adult"], "answer.en": ["a\r\nb "], "written.en": ["1999-01-01"], "evil": ["x"], "steps.7.title.en": ["x"]}
    flat = posted(fields_of(Entry), form)
    assert (flat["audience"], flat["answer.en"]) == ("student\nadult", "a\nb")
    assert not {"written.en", "evil", "steps.7.title.en"} & set(flat)
    assert posted(fields_of(Checklist), form)["steps.7.title.en"] == "x"


def test_only_the_language_whose_words_changed_gets_a_new_date() -> None:
    before = {"answer.en": "a", "answer.es": "b", "phrasings.es": "x", "written.en": "2026-01-01", "written.es": "2026-01-02"}
    after = {"answer.en": "new", "answer.es": "b", "phrasings.es": "x\ny"}
    assert redated(Entry, before, after, TODAY)["written.en"] == "2026-11-27"
    assert redated(Entry, before, after, TODAY)["written.es"] == "2026-01-02", "a new way of asking is no new text"
    assert redated(Entry, before, after, TODAY, spanish_fits=True)["written.es"] == "2026-11-27"
    assert "written.en" not in redated(Fact, {}, {"about": "x"}, TODAY)


def test_fields_and_documents_are_called_by_words() -> None:
    assert label_of(Checklist, "steps.0.title.es") == "Steps 1, Title, Spanish"
    assert label_of(Entry, "see_also.0") == "What to ask next"
    assert label_of(Occupation, "title_es") == "Title, Spanish"
    assert (language_of("answer.es"), language_of("title_en"), language_of("owner")) == ("es", "en", None)
    assert title_of({"id": "x", "question": {"en": "Q?", "es": "¿Q?"}}, "es") == "¿Q?"
    assert title_of({"title_en": "Nurse", "title_es": "Enfermera"}, "es") == "Enfermera"


def test_steps_are_added_moved_and_removed() -> None:
    flat = {"title.en": "T"} | {f"steps.{n}.id": name for n, name in enumerate("abc")}

    def order(action: str) -> list[str]:
        made = moved(Checklist, flat, action)
        assert made["title.en"] == "T"
        return [made[f"steps.{n}.id"] for n in range(4) if f"steps.{n}.id" in made]

    assert order("part:up:steps:2") == ["a", "c", "b"]
    assert order("part:up:steps:0") == ["a", "b", "c"]
    assert order("part:down:steps:0") == ["b", "a", "c"]
    assert order("part:remove:steps:1") == ["a", "c"]
    assert order("part:add:steps") == ["a", "b", "c", ""]
    assert order("part:remove:steps:9") == order("part:burn:steps:1") == order("part:add:title") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("typed", "checked_on"),
    [
        ({"value": "8100"}, "2026-11-27"),
        ({"valid_until": "2027-06-30"}, "2026-11-27"),
        ({"source": "another"}, "2026-11-27"),
        ({"value": "8100", "checked_on": "2026-11-20"}, "2026-11-20"),
        ({"about": "other words", "owner": "maria"}, "2026-11-01"),
        ({}, "2026-11-01"),
    ],
)
def test_a_fact_that_states_something_else_was_checked_today_unless_another_day_is_given(typed: dict[str, str], checked_on: str) -> None:
    before = flat_of(Fact, {**AMOUNT, "value": 8000})
    assert rechecked(before, {**before, **typed}, TODAY)["checked_on"] == checked_on


def test_what_is_no_fact_is_dated_by_its_editor() -> None:
    assert rechecked({"url": "a", "checked_on": "2026-11-01"}, {"url": "b", "checked_on": "2026-11-01"}, TODAY)["checked_on"] == "2026-11-01"


def test_a_day_that_was_its_own_last_day_is_so_still() -> None:
    before = flat_of(Fact, {**AMOUNT, "type": "date", "value": "2027-06-30", "valid_until": "2027-06-30"})
    assert rechecked(before, {**before, "value": "2027-07-15"}, TODAY)["valid_until"] == "2027-07-15"
    assert rechecked(before, {**before, "value": "2027-07-15", "valid_until": "2027-07-01"}, TODAY)["valid_until"] == "2027-07-01"
    another = {**before, "valid_until": "2027-09-30"}
    assert rechecked(another, {**another, "value": "2027-07-15"}, TODAY)["valid_until"] == "2027-09-30"
