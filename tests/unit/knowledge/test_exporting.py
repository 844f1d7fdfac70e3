"""knowledge.exporting: desk edits go home; what was not edited is not touched, not by a byte."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from knowledge import content_files, exporting, loader, regression
from knowledge.content_files import Content
from knowledge.editing import Editing
from knowledge.schema import Document, Entry, Fact, Topic

ENTRY = ("entry", "sunrise_grant.cost")


@pytest.fixture
def loaded(tiny_content: Content, store: Editing) -> Editing:
    loader.load(tiny_content, store)
    return store


def publish(store: Editing, kind: type[Document], key: str, **change: Any) -> Document:
    stored = store.get(kind.kind, key)
    document = kind.model_validate({**(stored.body or {}), **change})
    store.publish(document, stored.revision, "ed@example.org")
    return document


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_without_edits_nothing_is_written(loaded: Editing, tiny_folder: Path) -> None:
    before = bytes_of(tiny_folder)
    assert exporting.export(loaded, tiny_folder) == []
    assert bytes_of(tiny_folder) == before


def test_only_the_file_of_the_edited_entry_changes(loaded: Editing, tiny_folder: Path) -> None:
    before = bytes_of(tiny_folder)
    publish(loaded, Entry, "sunrise_grant.cost", answer={"en": "Ask us.", "es": "Pregunta."})
    exporting.export(loaded, tiny_folder)
    after = bytes_of(tiny_folder)
    assert {name for name in before | after if before.get(name) != after.get(name)} == {"topics/sunrise_grant.yml"}


def test_an_edit_changes_only_its_own_lines_and_keeps_comments(loaded: Editing, tiny_folder: Path) -> None:
    path = tiny_folder / "topics" / "sunrise_grant.yml"
    before = path.read_text(encoding="utf-8")
    publish(loaded, Entry, "sunrise_grant.deadline", question={"en": "What is the Sunrise Grant's last day?", "es": "¿Cuál es el último día?"})
    exporting.export(loaded, tiny_folder)
    after = path.read_text(encoding="utf-8")
    assert "# A comment that must survive an export." in after
    gone = set(before.splitlines()) - set(after.splitlines())
    assert gone == {"    question: {en: When is the Sunrise Grant due?, es: ¿Cuándo se vence la Beca Amanecer?}"}


def test_what_is_exported_reads_back_equal(loaded: Editing, tiny_folder: Path) -> None:
    entry = publish(
        loaded,
        Entry,
        "sunrise_grant.cost",
        answer={"en": "First line.\n\n- one: two\n- 'three' # four", "es": "Línea: «única»."},
        see_also=[],
        person_helps=False,
    )
    fact = publish(loaded, Fact, "sunrise_amount", value=8000.5, valid_until="2028-06-30")
    topic = publish(
        loaded, Topic, "trail_start", aliases={"en": ["trail start", "TS", "yes", "2026"], "es": []}, about={"en": "Two\nlines: here", "es": "no"}
    )
    exporting.export(loaded, tiny_folder)
    back = content_files.read_or_raise(tiny_folder)
    assert back.documents[ENTRY] == entry
    assert back.of(Fact)["sunrise_amount"] == fact
    assert back.of(Topic)["trail_start"] == topic
    assert len(back.of(Entry)) == 7


def test_documents_made_at_the_desk_get_a_home(loaded: Editing, tiny_folder: Path) -> None:
    content = content_files.read_or_raise(tiny_folder)
    entry = content.of(Entry)["trail_start.cost"].model_copy(update={"id": "trail_start.cost.books"})
    fact = content.of(Fact)["sunrise_phone"].model_copy(update={"id": "trail_phone"})
    for made in (entry, fact):
        loaded.publish(made, 0, "ed@example.org")
    assert [p.relative_to(tiny_folder).as_posix() for p in exporting.export(loaded, tiny_folder)] == ["facts/desk.yml", "topics/trail_start.yml"]
    back = content_files.read_or_raise(tiny_folder)
    assert back.of(Entry)["trail_start.cost.books"] == entry
    assert back.of(Fact)["trail_phone"] == fact


def test_a_draft_is_not_exported(loaded: Editing, tiny_folder: Path) -> None:
    stored = loaded.get(*ENTRY)
    draft = Entry.model_validate({**(stored.body or {}), "answer": {"en": "Half written", "es": "A medias"}})
    loaded.save_draft(draft, stored.revision, "ed@example.org")
    assert exporting.export(loaded, tiny_folder) == []


def test_exporting_twice_writes_the_same_bytes(loaded: Editing, tiny_folder: Path) -> None:
    publish(loaded, Entry, "sunrise_grant.cost", answer={"en": "One.\nTwo.", "es": "Uno.\nDos."})
    exporting.export(loaded, tiny_folder)
    once = bytes_of(tiny_folder)
    exporting.export(loaded, tiny_folder)
    assert bytes_of(tiny_folder) == once


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=60)
ODD = st.sampled_from(
    [
        "yes",
        "No",
        "off",
        "12:30",
        "~",
        "null",
        "2026-11-01",
        "1e3",
        "0x1F",
        "- a",
        "a: b",
        "# no",
        "'",
        '"',
        "{x}",
        "[[a|b]]",
        "|",
        "> x",
        "%",
        "@",
        "&a",
        "*a",
    ]
)
TEXTS = st.one_of(WORDS, ODD, st.tuples(ODD, WORDS).map("\n".join)).map(str.strip).filter(bool)


@given(TEXTS, TEXTS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_an_editor_can_publish_survives_the_journey_through_a_file(tiny_content: Content, english: str, spanish: str) -> None:
    before = tiny_content.of(Entry)["sunrise_grant.cost"]
    entry = Entry.model_validate({**before.model_dump(), "answer": {"en": english, "es": spanish}})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "topics" / "sunrise_grant.yml"
        path.parent.mkdir()
        topic = tiny_content.of(Topic)["sunrise_grant"].model_dump(mode="json", exclude_defaults=True)
        YAML().dump({**topic, "entries": [{k: v for k, v in before.model_dump(mode="json").items() if k != "topic"}]}, path)
        path.write_text(exporting._yaml(path, [("entry", entry.model_dump(mode="json", exclude_defaults=True))]), encoding="utf-8", newline="")
        content, faults = content_files.read(Path(folder))
    assert faults == []
    assert content.of(Entry)["sunrise_grant.cost"] == entry


def test_accepted_questions_that_staff_added_and_took_back_go_home_too(loaded: Editing, tiny_folder: Path) -> None:
    first = regression.shipped()[0]
    regression.add(loaded, "zorble quux", "en", ENTRY[1], "ed@example.org")
    regression.take_back(loaded, first.question, first.language, "ed@example.org")
    assert exporting.export(loaded, tiny_folder) == [tiny_folder / "regression.csv"]
    written = {pair.digest: pair.target for pair in regression.shipped(tiny_folder / "regression.csv")}
    assert written == {pair.digest: pair.target for pair in regression.accepted(loaded)} and first.digest not in written
    assert exporting.export(loaded, tiny_folder) == []
