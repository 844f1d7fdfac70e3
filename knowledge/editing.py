"""Changing what is known: drafts, review, publishing, taking back. Each change is one revision with who, when and why.

Whoever changes a document says at which revision they opened it; if somebody else was first, nothing is written and
RevisionConflict tells both numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knowledge.errors import UnknownDocument
from knowledge.schema import Document
from knowledge.store import Body, Store, Stored, body_of, digest_of, move_version, record, row_to_change, stored
from knowledge.tables import DocumentRow, RevisionRow


@dataclass(frozen=True)
class Revision:
    """What a document was after a change. `action`: draft, submit, return, discard, publish, retire or load."""

    revision: int
    action: str
    body: Body | None
    author: str
    why: str
    at: dt.datetime


class Editing(Store):
    """The store as editors use it."""

    def get(self, kind: str, key: str) -> Stored:
        with self.session() as session:
            row = session.get(DocumentRow, (kind, key))
            if row is None:
                raise UnknownDocument(kind, key)
            return stored(row)

    def of_kind(self, kind: str) -> dict[str, Stored]:
        """Every document of a kind that ever was, by key."""
        with self.session() as session:
            return {row.key: stored(row) for row in session.scalars(select(DocumentRow).where(DocumentRow.kind == kind))}

    def unfinished(self) -> list[Stored]:
        """Every document with a draft, and every one that is published no more."""
        with self.session() as session:
            rows = session.scalars(select(DocumentRow).where(or_(DocumentRow.draft.is_not(None), DocumentRow.body.is_(None))))
            return [stored(row) for row in rows if row.draft is not None or row.body is None]

    def history(self, kind: str, key: str) -> list[Revision]:
        """Newest first."""
        with self.session() as session:
            found = select(RevisionRow).where(RevisionRow.kind == kind, RevisionRow.key == key)
            return [_revision(row) for row in session.scalars(found.order_by(RevisionRow.id.desc()))]

    def at(self, kind: str, key: str, revision: int) -> Revision | None:
        """What the document was at a revision; None for one that never was (0: before it existed)."""
        return next((r for r in self.history(kind, key) if r.revision == revision), None)

    def save_draft(self, document: Document, opened: int, author: str) -> Stored:
        """Keep a draft. `opened` is the revision the author began from; 0 for a new document."""
        return self.keep_draft(document.kind, document.key, body_of(document), opened, author)

    def keep_draft(self, kind: str, key: str, body: Body, opened: int, author: str) -> Stored:
        """As `save_draft`, for a text that need not be whole yet: nothing typed is lost for want of a field."""

        def change(row: DocumentRow) -> None:
            row.draft, row.drafted_by, row.submitted_by = body, author, None

        return self._change(kind, key, opened, "draft", author, "", change)

    def submit(self, kind: str, key: str, opened: int, author: str, why: str = "") -> Stored:
        """Ask somebody else to look at the draft."""

        def change(row: DocumentRow) -> None:
            row.submitted_by = author

        return self._change(kind, key, opened, "submit", author, why, change)

    def give_back(self, kind: str, key: str, opened: int, author: str, why: str = "") -> Stored:
        """Send a draft back to be written on."""

        def change(row: DocumentRow) -> None:
            row.submitted_by = None

        return self._change(kind, key, opened, "return", author, why, change)

    def discard(self, kind: str, key: str, opened: int, author: str, why: str = "") -> Stored:
        """Drop the draft. Its words stay in the history."""
        return self._change(kind, key, opened, "discard", author, why, _no_draft)

    def publish(self, document: Document, opened: int, author: str, why: str = "") -> Stored:
        """Make a text the answer from now on."""
        return self._change(document.kind, document.key, opened, "publish", author, why, lambda row: _put(row, document), moves=True)

    def publish_all(self, changes: Iterable[tuple[Document, int]], author: str, why: str = "") -> None:
        """Publish several, each with the revision it was opened at: all of them or, if one was changed meanwhile, none."""
        with self._moving(moves=True) as session:
            for document, opened in changes:
                row = row_to_change(session, document.kind, document.key, opened)
                _put(row, document)
                record(session, row, "publish", row.body, author, why)

    def submit_all(self, changes: Iterable[tuple[Document, int]], author: str, why: str = "") -> None:
        """Make drafts of several and ask somebody else to look at them: all or none, as `publish_all`."""
        with self._moving(moves=False) as session:
            for document, opened in changes:
                row = row_to_change(session, document.kind, document.key, opened)
                row.draft, row.drafted_by, row.submitted_by = body_of(document), author, author
                record(session, row, "submit", row.draft, author, why)

    def retire(self, kind: str, key: str, opened: int, author: str, why: str = "") -> Stored:
        """Publish it no more. The text stays as a draft, to be published again one day."""

        def change(row: DocumentRow) -> None:
            row.draft = row.draft or row.body
            row.body, row.edited, row.digest, row.submitted_by = None, True, "", None
            row.drafted_by = row.drafted_by or author

        return self._change(kind, key, opened, "retire", author, why, change, moves=True)

    def _change(
        self, kind: str, key: str, opened: int, action: str, author: str, why: str, change: Callable[[DocumentRow], None], moves: bool = False
    ) -> Stored:
        with self._moving(moves) as session:
            row = row_to_change(session, kind, key, opened)
            change(row)
            record(session, row, action, row.draft if row.draft is not None else row.body, author, why)
            return stored(row)

    @contextmanager
    def _moving(self, moves: bool) -> Iterator[Session]:
        """A transaction that, if it changes what is published, also moves the version."""
        with self.session(writes=True) as session:
            yield session
            if moves:
                session.flush()
                move_version(session)


def _put(row: DocumentRow, document: Document) -> None:
    _no_draft(row)
    row.body, row.edited = body_of(document), True
    row.digest = digest_of(row.body)


def _no_draft(row: DocumentRow) -> None:
    row.draft = row.drafted_by = row.submitted_by = None


def _revision(row: RevisionRow) -> Revision:
    return Revision(row.revision, row.action, row.body, row.author, row.why, row.at)
