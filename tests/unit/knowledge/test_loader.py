"""knowledge.loader: files to database, twice changes nothing, and the desk's words are never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import content_files, exporting, loader
from knowledge.content_files import Content
from knowledge.editing import Editing
from knowledge.schema import Entry
from knowledge.snapshot import Snapshot
from knowledge.store import Store

PLACE = ("entry", "trail_start.cost")


def entry_of(store: Editing) -> Entry:
    return Snapshot.from_store(store).entries["trail_start.cost"]


def publish(store: Editing, answer: str) -> Entry:
    """As an editor would at the desk."""
    stored = store.get(*PLACE)
    edited = Entry.model_validate({**(stored.body or {}), "answer": {"en": answer, "es": "Palabras nuevas."}})
    store.publish(edited, stored.revision, "ed@example.org")
    return edited


def rewrite(folder: Path, old: str, new: str) -> Content:
    path = folder / "topics" / "trail_start.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return content_files.read_or_raise(folder)


def test_a_plan_tells_and_changes_nothing(tiny_content: Content, store: Editing) -> None:
    made = loader.plan(tiny_content, store)
    assert (len(made.add), made.change, made.remove, made.conflicts) == (len(tiny_content.documents), [], [], [])
    assert store.rows() == {}


def test_a_load_brings_every_document_and_twice_changes_nothing(tiny_content: Content, store: Editing) -> None:
    loader.load(tiny_content, store)
    version, before = store.version(), {place: row.revision for place, row in store.rows().items()}
    assert set(before) == set(tiny_content.documents)
    again = loader.load(tiny_content, store)
    assert again.empty
    assert again.unchanged == len(tiny_content.documents)
    assert store.version() == version
    assert {place: row.revision for place, row in store.rows().items()} == before


def test_what_is_loaded_equals_what_the_files_say(tiny_content: Content, store: Editing) -> None:
    loader.load(tiny_content, store)
    loaded = Snapshot.from_store(store)
    for (kind, key), document in tiny_content.documents.items():
        assert loaded.documents[kind][key] == document


def test_only_what_changed_in_the_files_is_written(tiny_content: Content, tiny_folder: Path, store: Editing) -> None:
    loader.load(tiny_content, store)
    version = store.version()
    made = loader.load(rewrite(tiny_folder, "The classes are free.", "You pay no tuition."), store)
    assert [d.key for d in made.change] == ["trail_start.cost"]
    assert made.add == []
    assert made.remove == []
    assert "no tuition" in entry_of(store).answer.en
    assert store.version() != version


def test_a_document_gone_from_the_files_is_removed(tiny_content: Content, store: Editing) -> None:
    loader.load(tiny_content, store)
    del tiny_content.documents[("refusal", "weather")]
    assert loader.load(tiny_content, store).remove == [("refusal", "weather")]
    assert "weather" not in Snapshot.from_store(store).refusals


def test_a_load_keeps_what_was_edited_at_the_desk(tiny_content: Content, store: Editing) -> None:
    loader.load(tiny_content, store)
    publish(store, "New words from the desk.")
    made = loader.load(tiny_content, store)
    assert made.empty
    assert made.conflicts == []
    assert entry_of(store).answer.en == "New words from the desk."


def test_changed_in_the_files_and_at_the_desk_is_a_conflict_and_the_desk_wins(tiny_content: Content, tiny_folder: Path, store: Editing) -> None:
    loader.load(tiny_content, store)
    publish(store, "New words from the desk.")
    made = loader.load(rewrite(tiny_folder, "The classes are free.", "New words in the file."), store)
    assert made.conflicts == [PLACE]
    assert "conflict: entry trail_start.cost" in str(made)
    assert entry_of(store).answer.en == "New words from the desk."


def test_an_exported_desk_edit_comes_home_and_the_files_own_it_again(tiny_content: Content, tiny_folder: Path, store: Editing) -> None:
    loader.load(tiny_content, store)
    edited = publish(store, "New words from the desk.")
    assert exporting.export(store, tiny_folder) == [tiny_folder / "topics" / "trail_start.yml"]
    home = content_files.read_or_raise(tiny_folder)
    assert home.of(Entry)["trail_start.cost"] == edited
    loader.load(home, store)
    assert not store.get(*PLACE).edited
    assert loader.load(home, store).empty
    made = loader.load(rewrite(tiny_folder, "New words from the desk.", "Newer words in the file."), store)
    assert made.conflicts == []
    assert entry_of(store).answer.en == "Newer words in the file."


def test_a_document_made_at_the_desk_stays(tiny_content: Content, store: Editing) -> None:
    loader.load(tiny_content, store)
    made = tiny_content.of(Entry)["trail_start.cost"].model_copy(update={"id": "trail_start.cost.books"})
    store.publish(made, 0, "ed@example.org")
    assert loader.load(tiny_content, store).empty
    assert "trail_start.cost.books" in Snapshot.from_store(store).entries


def test_a_load_that_fails_midway_leaves_nothing(tiny_content: Content, store: Editing) -> None:
    class Stumbles(Store):
        def apply(self, put, remove, author):  # type: ignore[no-untyped-def]
            def stumbling():  # type: ignore[no-untyped-def]
                yield next(iter(put))
                raise RuntimeError("power cut")

            super().apply(stumbling(), remove, author)

    with pytest.raises(RuntimeError, match="power cut"):
        loader.load(tiny_content, Stumbles(store.engine))
    assert store.rows() == {}
    assert store.version() == "empty"
