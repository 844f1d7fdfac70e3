"""Documents in SQL. The only place in this room that speaks to a database.

Every change is one transaction that also moves the version, so a reader that sees a new version sees all of it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, delete, event, func, select
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session, sessionmaker

from knowledge.errors import RevisionConflict, StoreUnavailable, UnknownDocument
from knowledge.kinds import KINDS
from knowledge.schema import Document
from knowledge.tables import DocumentRow, MetaRow, RevisionRow

Body = dict[str, Any]
_VERSION = select(MetaRow.value).where(MetaRow.name == "version")
_VERSION_ALONE = f"SELECT value FROM {MetaRow.__tablename__} WHERE name = 'version'"
IN_LINE_S = 4.0

# Nobody waits for long: a server out of reach, a row somebody keeps locked or a transaction its process forgot end with
# an error in a few seconds, and a student's browser tries again. A connection the server has closed is made anew.
_POSTGRESQL: dict[str, Any] = {
    "pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_timeout": 5,
    "connect_args": {"connect_timeout": 3, "options": "-c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000"},
}  # fmt: skip


def make_engine(url: str) -> Engine:
    """An engine set up the way both SQLite and PostgreSQL serve us best."""
    # SQLite has one writer at a time and lets the others look again and again, by chance some for seconds. In one process
    # they stand in line instead (10,000 students arriving: "database is locked" after 3 s for one of them, measured).
    alone: dict[str, Any] = {"execution_options": {"one_writer": threading.Lock()}}
    engine = create_engine(url, **(alone if url.startswith("sqlite") else _POSTGRESQL))
    if url.startswith("sqlite"):

        @event.listens_for(engine, "connect")
        def _tune(connection: Any, _record: Any) -> None:
            # WAL: readers never wait for the writer. NORMAL: durable against a crash of the program, which is what
            # we promise on one machine; a power cut can lose the last moment but never corrupts.
            # secure_delete: what a student deletes is overwritten in the file, not only unlinked.
            connection.isolation_level = None  # SQLAlchemy begins, not the driver
            for pragma in ("busy_timeout=3000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            # A transaction that will write takes the write lock at once: two that read first and write later would
            # otherwise fail each other. Readers (`reading`) never wait.
            said = "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes", True) else "BEGIN"
            try:
                connection.connection.driver_connection.execute(said)  # type: ignore[union-attr]  # there is one
            except sqlite3.Error as error:
                raise OperationalError(said, None, error) from error

    return engine


def reading(engine: Engine) -> Engine:
    """The same database, for transactions that only read."""
    return engine.execution_options(writes=False)


def unavailable(engine: Engine, error: Exception) -> StoreUnavailable:
    """Where the database is (without password), what the driver said, and what to do."""
    where = engine.url.render_as_string(hide_password=True)
    cause = str(getattr(error, "orig", None) or error).splitlines()[0]
    return StoreUnavailable(f"The database {where} cannot be used: {cause} → check DATABASE_URL and run `make database`.")


class Sessions:
    """Transactions of one database: committed at the end, rolled back on any error.

    Raises StoreUnavailable when the database is out of reach or not migrated; what a caller did wrong stays as it is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._looking = reading(engine)
        self._writers = sessionmaker(engine, expire_on_commit=False)
        self._readers = sessionmaker(self._looking, expire_on_commit=False)
        self._one_writer: threading.Lock | None = engine.get_execution_options().get("one_writer")

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._told(), self._in_line(), self._writers.begin() as session:
            yield session

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """As `writing`, for statements made once: without a session, which takes a third of the time of a short transaction."""
        with self._told(), self._in_line(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """As `reading`, without a session."""
        with self._told(), self._looking.begin() as connection:
            yield connection

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        if self._one_writer is None:
            yield
        elif self._one_writer.acquire(timeout=IN_LINE_S):
            try:
                yield
            finally:
                self._one_writer.release()
        else:
            raise unavailable(self._engine, TimeoutError("database is locked by a write that does not end"))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._told(), self._readers.begin() as session:
            yield session

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, ProgrammingError, InterfaceError, NoConnectionFree) as error:
            raise unavailable(self._engine, error) from error


def digest_of(body: Body | None) -> str:
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2s(text.encode(), digest_size=16).hexdigest()


def body_of(document: Document) -> Body:
    return document.model_dump(mode="json", exclude_defaults=True)


@dataclass(frozen=True)
class Stored:
    """One document as the editor sees it."""

    kind: str
    key: str
    body: Body | None
    draft: Body | None
    revision: int
    edited: bool
    drafted_by: str | None = None
    submitted_by: str | None = None


class Store:
    """All knowledge of one database. Raises StoreUnavailable when it cannot be reached or is not migrated."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writers = sessionmaker(engine, expire_on_commit=False)
        self._reading = reading(engine)
        self._readers = sessionmaker(self._reading, expire_on_commit=False)

    @contextmanager
    def session(self, writes: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any error."""
        try:
            with (self._writers if writes else self._readers).begin() as session:
                yield session
        except SQLAlchemyError as error:
            raise unavailable(self.engine, error) from error

    def version(self) -> str:
        """Digest of everything published; changes with every publish. Asked in every turn, so straight of the driver, five times as quick."""
        try:
            with closing(self.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
                cursor.execute(_VERSION_ALONE)
                found = cursor.fetchone()
        except (SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error) as error:
            raise unavailable(self.engine, error) from error
        return str(found[0]) if found else "empty"

    def published(self) -> tuple[str, list[tuple[str, str, Body]]]:
        """The version and every published document as (kind, key, body), read in one transaction."""
        with self.session() as session:
            version = session.scalar(_VERSION) or "empty"
            rows = session.execute(
                select(DocumentRow.kind, DocumentRow.key, DocumentRow.body)
                .where(DocumentRow.body.is_not(None))
                .order_by(DocumentRow.kind, DocumentRow.key)
            )
            return version, [(kind, key, body) for kind, key, body in rows if body is not None]

    def rows(self) -> dict[tuple[str, str], DocumentRow]:
        with self.session() as session:
            return {(row.kind, row.key): row for row in session.scalars(select(DocumentRow))}

    def apply(self, put: Iterable[Document], remove: Iterable[tuple[str, str]], author: str) -> None:
        """Write shipped documents and remove shipped ones that are gone, in one transaction."""
        with self.session(writes=True) as session:
            rows = {(row.kind, row.key): row for row in session.scalars(select(DocumentRow))}  # once: 10,000 questions took longer than all else
            for document in put:
                row = rows.get((document.kind, document.key))
                if row is None:
                    row = DocumentRow(kind=document.kind, key=document.key, revision=0, digest="", edited=False)
                    session.add(row)
                row.body = body_of(document)
                row.digest = row.shipped = digest_of(row.body)
                row.edited = False
                record(session, row, "load", row.body, author, "")
            for kind, key in remove:
                session.execute(delete(DocumentRow).where(DocumentRow.kind == kind, DocumentRow.key == key))
            session.flush()
            move_version(session)


def row_to_change(session: Session, kind: str, key: str, opened: int) -> DocumentRow:
    """The row, locked, if nobody changed it since `opened`."""
    if kind not in KINDS:
        raise UnknownDocument(kind, key)
    row = session.get(DocumentRow, (kind, key), with_for_update=True)
    if row is None:
        if opened:
            raise UnknownDocument(kind, key)
        row = DocumentRow(kind=kind, key=key, revision=0, digest="", edited=True)
        session.add(row)
    if row.revision != opened:
        raise RevisionConflict(kind, key, opened, row.revision)
    return row


def record(session: Session, row: DocumentRow, action: str, body: Body | None, author: str, why: str) -> None:
    row.revision += 1
    if row.revision > 1:  # the database dates what is new by itself, and takes thousands of such rows at once
        row.changed_at = func.now()
    session.add(RevisionRow(kind=row.kind, key=row.key, revision=row.revision, action=action, body=body, author=author, why=why))


def move_version(session: Session) -> None:
    digests = session.execute(
        select(DocumentRow.kind, DocumentRow.key, DocumentRow.digest).where(DocumentRow.body.is_not(None)).order_by(DocumentRow.kind, DocumentRow.key)
    )
    whole = hashlib.blake2s(digest_size=6)
    for line in digests:
        whole.update("\t".join(line).encode())
    session.merge(MetaRow(name="version", value=whole.hexdigest()))


def stored(row: DocumentRow) -> Stored:
    return Stored(row.kind, row.key, row.body, row.draft, row.revision, row.edited, row.drafted_by, row.submitted_by)
