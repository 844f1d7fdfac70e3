"""Private notes and labels on a conversation. For staff only: no route of the student API reads this module."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select

from desk.advising.tables import LabelRow, NoteRow
from desk.conversations.rows import row_of
from desk.conversations.store import Clock
from desk.errors import Invalid
from desk.tables import UserRow
from knowledge.store import Sessions

LONGEST_NOTE, LONGEST_LABEL = 2000, 40


@dataclass(frozen=True)
class Note:
    id: int
    author: str | None
    text: str
    at: dt.datetime


class Notes:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading, self._clock = sessions.writing, sessions.reading, clock

    def of(self, conversation_id: str) -> list[Note]:
        """Oldest first."""
        with self._reading() as session:
            rows = session.execute(
                select(NoteRow, UserRow.name)
                .outerjoin(UserRow, UserRow.id == NoteRow.author_id)
                .where(NoteRow.conversation_id == conversation_id)
                .order_by(NoteRow.id)
            )
            return [Note(note.id, name, note.text, note.at) for note, name in rows]

    def add(self, conversation_id: str, author_id: int, text: str) -> None:
        text = text.strip()
        if not text or len(text) > LONGEST_NOTE:
            raise Invalid(f"A note needs some words, at most {LONGEST_NOTE} characters.")
        with self._writing() as session:
            row_of(session, conversation_id)
            session.add(NoteRow(conversation_id=conversation_id, author_id=author_id, text=text, at=self._clock()))

    def labels(self, conversation_id: str) -> list[str]:
        with self._reading() as session:
            return list(session.scalars(select(LabelRow.label).where(LabelRow.conversation_id == conversation_id).order_by(LabelRow.label)))

    def known_labels(self, most: int = 100) -> list[str]:
        """Every label in use, to choose from."""
        with self._reading() as session:
            return list(session.scalars(select(LabelRow.label).distinct().order_by(LabelRow.label).limit(most)))

    def put_label(self, conversation_id: str, label: str) -> None:
        """Lower case, so that “FAFSA” and “fafsa” are one label; putting it twice is the same as once."""
        label = " ".join(label.lower().split())
        if not label or len(label) > LONGEST_LABEL:
            raise Invalid(f"A label needs some words, at most {LONGEST_LABEL} characters.")
        with self._writing() as session:
            row_of(session, conversation_id)
            session.merge(LabelRow(conversation_id=conversation_id, label=label))

    def take_label(self, conversation_id: str, label: str) -> None:
        with self._writing() as session:
            session.execute(delete(LabelRow).where(LabelRow.conversation_id == conversation_id, LabelRow.label == label))
