"""knowledge.runtime and knowledge.vocabulary: always the published version, rebuilt only as far as needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import loader
from knowledge.content_files import Content
from knowledge.editing import Editing
from knowledge.index import Index
from knowledge.runtime import Runtime
from knowledge.schema import Entry
from knowledge.vocabulary import terms_of, write_gazetteer
from language import gazetteer
from language.encoder import HashingEncoder
from language.gazetteer import Term


@pytest.fixture
def heard() -> list[Index]:
    return []


@pytest.fixture
def runtime(tiny_content: Content, store: Editing, heard: list[Index]) -> Runtime:
    loader.load(tiny_content, store)
    return Runtime(store, HashingEncoder(), terms_of, heard.append)


def publish(store: Editing, **change: object) -> None:
    stored = store.get("entry", "trail_start.cost")
    store.publish(Entry.model_validate({**(stored.body or {}), **change}), stored.revision, "ed@example.org")


def test_it_is_loading_until_first_asked(runtime: Runtime, store: Editing) -> None:
    assert runtime.version == "loading"
    runtime.current()
    assert runtime.version == store.version()


def test_between_publishes_the_same_objects_are_used(runtime: Runtime) -> None:
    assert runtime.current() is runtime.current()


def test_a_published_answer_is_the_next_answer_and_the_index_stays(runtime: Runtime, store: Editing, heard: list[Index]) -> None:
    _, before = runtime.current()
    publish(store, answer={"en": "Brand new.", "es": "Nuevo."})
    snapshot, after = runtime.current()
    assert snapshot.entries["trail_start.cost"].answer.en == "Brand new."
    assert after is before
    assert len(heard) == 1


def test_a_published_phrasing_is_found_by_the_next_question(runtime: Runtime, store: Editing, heard: list[Index]) -> None:
    runtime.current()
    publish(store, phrasings={"en": ["zorble the quux"], "es": []})
    _, matcher = runtime.current()
    assert matcher.match("zorble the quux").scored[0].target.id == "trail_start.cost"
    assert len(heard) == 2


def test_a_second_process_finds_the_vectors_in_the_database(runtime: Runtime, store: Editing) -> None:
    runtime.current()

    class Tired(HashingEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            raise AssertionError(f"{len(texts)} texts were encoded again")

    Runtime(store, Tired()).current()


def test_the_names_of_each_new_index_are_written_for_rasa(runtime: Runtime, tmp_path: Path) -> None:
    _, matcher = runtime.current()
    path = tmp_path / "deep" / "gazetteer.json"
    write_gazetteer(path)(matcher.index)
    found = gazetteer.load(path).find("how do i apply for the SUNRISE grant")
    assert [(m.label, m.value) for m in found] == [("topic", "sunrise_grant")]


def test_a_full_disk_takes_no_answer_from_anybody(tiny_content: Content, store: Editing, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    loader.load(tiny_content, store)
    (tmp_path / "a file where the folder should be").touch()
    runtime = Runtime(store, HashingEncoder(), on_change=full, index_folder=tmp_path / "a file where the folder should be")
    _, matcher = runtime.current()
    assert matcher.match("how much is trail start").scored


def test_a_publish_is_answered_from_at_once_and_the_full_index_takes_its_place(tiny_content: Content, store: Editing, tmp_path: Path) -> None:
    loader.load(tiny_content, store)
    waiting: list[Callable[[], None]] = []
    runtime = Runtime(store, HashingEncoder(), terms_of, index_folder=tmp_path, later=waiting.append)
    _, first = runtime.current()
    publish(store, phrasings={"en": ["zorble the quux"], "es": []})
    snapshot, quick = runtime.current()
    assert quick.match("zorble the quux").scored[0].target.id == "trail_start.cost"
    assert quick.index.lexicon.idf is first.index.lexicon.idf, "made out of the one before"
    (work,) = waiting
    work()
    again, full = runtime.current()
    assert again is snapshot and full is not quick
    exact = Index.build(snapshot, HashingEncoder().encode, terms_of(snapshot))
    assert full.index.lexicon.idf.tobytes() == exact.lexicon.idf.tobytes()
    assert full.match("zorble the quux").scored[0].target.id == "trail_start.cost"


def test_a_full_index_of_knowledge_that_has_moved_on_is_not_put_in_place(tiny_content: Content, store: Editing) -> None:
    loader.load(tiny_content, store)
    waiting: list[Callable[[], None]] = []
    runtime = Runtime(store, HashingEncoder(), terms_of, later=waiting.append)
    runtime.current()
    publish(store, phrasings={"en": ["zorble the quux"], "es": []})
    runtime.current()
    publish(store, phrasings={"en": ["another one"], "es": []})
    _, newest = runtime.current()
    waiting[0]()
    assert runtime.current()[1] is newest


def test_a_new_name_alone_is_known_to_the_next_question(tiny_content: Content, store: Editing) -> None:
    loader.load(tiny_content, store)
    names = [Term("college", "Quux College", "quux college")]
    runtime = Runtime(store, HashingEncoder(), lambda _: names)
    runtime.current()
    names.append(Term("college", "Zorble College", "zorble college"))
    publish(store, answer={"en": "Brand new.", "es": "Nuevo."})
    found = runtime.current()[1].index.gazetteer.find("is it at zorble college")
    assert [m.value for m in found if m.label == "college"] == ["Zorble College"]
