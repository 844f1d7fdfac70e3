"""knowledge.store: one transaction a change, versions that move, conflicts that name both revisions, plain words when it is down."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from knowledge import loader
from knowledge.content_files import Content
from knowledge.editing import Editing
from knowledge.errors import KnowledgeError, RevisionConflict, StoreUnavailable, UnknownDocument
from knowledge.schema import Entry
from knowledge.store import IN_LINE_S, Sessions, Store, body_of, digest_of, make_engine

KEY = "trail_start.cost"


@pytest.fixture
def loaded(tiny_content: Content, store: Editing) -> Editing:
    loader.load(tiny_content, store)
    return store


def with_answer(store: Editing, english: str) -> Entry:
    return Entry.model_validate({**(store.get("entry", KEY).body or {}), "answer": {"en": english, "es": "Hola."}})


def test_publishing_moves_the_version_and_back_again(loaded: Editing) -> None:
    first, before = loaded.version(), Entry.model_validate(loaded.get("entry", KEY).body)
    loaded.publish(with_answer(loaded, "New."), 1, "ed@example.org")
    second = loaded.version()
    loaded.publish(before, 2, "ed@example.org")
    assert first != second
    assert loaded.version() == first, "the version is a digest of what is published, not a counter"


def test_a_draft_does_not_move_the_version_and_is_kept_until_published(loaded: Editing) -> None:
    version = loaded.version()
    draft = loaded.save_draft(with_answer(loaded, "Soon."), 1, "ed@example.org")
    assert loaded.version() == version
    assert (draft.revision, draft.draft and draft.draft["answer"]["en"]) == (2, "Soon.")
    assert draft.body != draft.draft
    published = loaded.publish(with_answer(loaded, "Now."), 2, "ed@example.org")
    assert published.draft is None
    assert published.edited


def test_who_opened_an_older_revision_is_told_both_numbers(loaded: Editing) -> None:
    loaded.publish(with_answer(loaded, "First."), 1, "ann@example.org")
    with pytest.raises(RevisionConflict) as caught:
        loaded.publish(with_answer(loaded, "Second."), 1, "ben@example.org")
    assert (caught.value.kind, caught.value.key, caught.value.opened, caught.value.current) == ("entry", KEY, 1, 2)
    assert "opened at revision 1 but is now at 2" in str(caught.value)
    body = loaded.get("entry", KEY).body
    assert body is not None
    assert body["answer"]["en"] == "First."


def test_of_two_editors_at_once_exactly_one_wins(loaded: Editing) -> None:
    gate, outcomes = threading.Barrier(4), []

    def edit(name: str) -> None:
        entry = with_answer(loaded, f"By {name}.")
        gate.wait()
        try:
            loaded.publish(entry, 1, name)
            outcomes.append("won")
        except RevisionConflict:
            outcomes.append("lost")

    threads = [threading.Thread(target=edit, args=(f"editor {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost", "lost", "lost", "won"]


def test_history_is_newest_first_and_tells_who_and_why(loaded: Editing) -> None:
    loaded.publish(with_answer(loaded, "New."), 1, "ed@example.org", "students asked")
    newest, oldest = loaded.history("entry", KEY)
    assert (newest.action, newest.author, newest.why, newest.revision) == ("publish", "ed@example.org", "students asked", 2)
    assert (oldest.action, oldest.author, oldest.revision) == ("load", "content files", 1)


def test_unknown_documents_and_kinds_are_named(loaded: Editing) -> None:
    with pytest.raises(UnknownDocument, match="no entry named 'nope'"):
        loaded.get("entry", "nope")
    with pytest.raises(UnknownDocument):
        loaded.publish(with_answer(loaded, "x").model_copy(update={"id": "trail_start.cost.gone"}), 7, "ed@example.org")


def test_a_database_without_tables_is_told_with_its_address_and_the_mend(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StoreUnavailable) as caught:
        Store(engine).version()
    engine.dispose()
    assert "empty.db cannot be used: no such table" in str(caught.value)
    assert "DATABASE_URL" in str(caught.value)
    assert "make database" in str(caught.value)
    assert isinstance(caught.value, KnowledgeError)


def test_an_unreachable_server_is_told_without_its_password() -> None:
    engine = make_engine("postgresql+psycopg://waymark:hunter2@127.0.0.1:1/waymark")
    with pytest.raises(StoreUnavailable) as caught:
        Store(engine).version()
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1:1" in str(caught.value)


def test_a_reader_sees_a_version_with_all_of_its_documents(loaded: Editing, tiny_content: Content) -> None:
    version, rows = loaded.published()
    assert version == loaded.version()
    assert [(kind, key) for kind, key, _ in rows] == sorted(tiny_content.documents)


def test_equal_bodies_have_equal_digests_whatever_their_order(tiny_content: Content) -> None:
    body = body_of(tiny_content.of(Entry)[KEY])
    assert digest_of(body) == digest_of(dict(reversed(body.items())))
    assert digest_of(body) != digest_of({**body, "owner": "aid"})


def test_those_who_write_at_once_stand_in_line_instead_of_failing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'busy.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE counted (n INTEGER)")
    sessions = [Sessions(engine), Sessions(engine)]

    def write(number: int) -> None:
        with sessions[number % 2].writing() as session:
            session.connection().exec_driver_sql("PRAGMA busy_timeout=0")  # SQLite itself waits for nobody here
            session.connection().exec_driver_sql(f"INSERT INTO counted VALUES ({number})")

    with sessions[0].writing() as session:
        threads = [threading.Thread(target=write, args=(n,)) for n in range(20)]
        for thread in threads:
            thread.start()
        threads[0].join(0.05)
        session.connection().exec_driver_sql("INSERT INTO counted VALUES (-1)")
    for thread in threads:
        thread.join()
    with engine.begin() as connection:
        found = sorted(n for (n,) in connection.exec_driver_sql("SELECT n FROM counted"))
    assert found == list(range(-1, 20))
    engine.dispose()


def test_a_write_that_does_not_end_is_said_in_words(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'stuck.db'}")
    sessions = Sessions(engine)
    causes: list[str] = []

    def write() -> None:
        try:
            with sessions.writing():
                pass
        except StoreUnavailable as error:
            causes.append(str(error))

    with sessions.writing():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(IN_LINE_S + 3)
    assert "locked by a write that does not end" in causes[0]
    with sessions.writing():
        pass
    engine.dispose()
