"""Which advisors' words a student who left an address has not seen, in SQL."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from desk.conversations.store import Clock
from desk.mail.outbox_store import put, waiting_in
from desk.mail.tables import OutboxRow
from desk.tables import ConversationRow, HandOffRow, MessageRow, UserRow
from knowledge.schema import Language
from knowledge.store import Sessions

UNSEEN_FOR = dt.timedelta(seconds=60)
"""A student who is there has it on screen by then."""
GIVE_UP_AFTER = dt.timedelta(hours=24)
"""An address is not kept longer than this after the end, sent or not."""


@dataclass(frozen=True)
class Letter:
    """What one hand-off has to say by e-mail. `words`: (author, text) in order; an author is None for the desk itself."""

    conversation_id: str
    to: str
    language: Language
    words: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True)
class Span:
    """Messages of a hand-off's conversation, `after` left out and `up_to` with them."""

    hand_off_id: int
    after: int
    up_to: int

    @property
    def key(self) -> str:
        """Its name in the outbox."""
        return f"{self.hand_off_id}:{self.after}-{self.up_to}"

    @classmethod
    def named(cls, key: str) -> Span:
        return cls(*(int(number) for number in re.split("[:-]", key)))


class LetterStore:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading, self._clock = sessions.writing, sessions.reading, clock

    def put_what_is_due(self) -> int:
        """Into the outbox, once: the mark moves in the same transaction. Returns how many letters."""
        return sum(self._put(span) for span in self._due())

    def letter(self, span: Span) -> Letter | None:
        """What is to be said now; None if the student has seen it, took the address back, or is gone."""
        with self._reading() as session:
            row = session.get(HandOffRow, span.hand_off_id)
            if row is None or not row.contact:
                return None
            found = _unseen(session, row, span.after, span.up_to)
            language = session.scalar(select(ConversationRow.language).where(ConversationRow.id == row.conversation_id))
            words = tuple((name if message.sender == "advisor" else None, message.text) for message, name in found)
            return Letter(row.conversation_id, row.contact, "es" if language == "es" else "en", words) if words else None

    def forget_addresses(self) -> None:
        """Addresses of hand-offs that ended and have nothing left to say, or ended long ago."""
        now = self._clock()
        due = {span.hand_off_id for span in self._due()}
        under_way = select(OutboxRow.conversation_id).where(waiting_in("reply"))
        kept = (HandOffRow.contact.is_not(None), HandOffRow.ended_at < now - 2 * UNSEEN_FOR)
        waits = HandOffRow.id.in_(due) | HandOffRow.conversation_id.in_(under_way)
        with self._writing() as session:
            session.execute(update(HandOffRow).where(*kept, ~waits | (HandOffRow.ended_at < now - GIVE_UP_AFTER)).values(contact=None))

    def _due(self) -> list[Span]:
        with self._reading() as session:
            rows = session.scalars(select(HandOffRow).where(HandOffRow.contact.is_not(None))).all()
            spans = [(row, _unseen(session, row, row.mailed_seq)) for row in rows]
        # The advisor may still be writing: one e-mail for all of it.
        quiet = self._clock() - UNSEEN_FOR
        return [Span(row.id, row.mailed_seq, found[-1][0].seq) for row, found in spans if found and found[-1][0].created_at <= quiet]

    def _put(self, span: Span) -> bool:
        with self._writing() as session:
            row = session.get(HandOffRow, span.hand_off_id, with_for_update=True)
            if row is None or row.mailed_seq != span.after:
                return False  # another desk was first
            row.mailed_seq = span.up_to
            return put(session, "reply", span.key, self._clock(), conversation_id=row.conversation_id)


def _unseen(session: Session, row: HandOffRow, after: int, up_to: int | None = None) -> list[tuple[MessageRow, str | None]]:
    """What people said since the request, and what the desk says by e-mail too, that the student did not have on screen."""
    which = [MessageRow.conversation_id == row.conversation_id, MessageRow.seq > after, MessageRow.created_at >= row.asked_at]
    if up_to is not None:
        which.append(MessageRow.seq <= up_to)
    if row.student_seen_at:
        which.append(MessageRow.created_at > row.student_seen_at)
    found = session.execute(
        select(MessageRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == MessageRow.author_id)
        .where(*which, MessageRow.sender.in_(["advisor", "system"]))
        .order_by(MessageRow.seq)
    )
    return [(message, name) for message, name in found if message.sender == "advisor" or (message.provenance or {}).get("by_mail")]
