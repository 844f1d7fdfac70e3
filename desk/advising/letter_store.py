"""Which advisors' words a student who left an address has not seen, in SQL; each is claimed by one desk process."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from desk.conversations.store import Clock
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

    hand_off_id: int
    conversation_id: str
    to: str
    language: Language
    words: tuple[tuple[str | None, str], ...]
    after: int
    up_to: int


class LetterStore:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading, self._clock = sessions.writing, sessions.reading, clock

    def due(self) -> list[Letter]:
        """Everything that is to be sent now."""
        with self._reading() as session:
            rows = session.execute(
                select(HandOffRow, ConversationRow.language)
                .join(ConversationRow, ConversationRow.id == HandOffRow.conversation_id)
                .where(HandOffRow.contact.is_not(None))
            ).all()
            letters = [self._letter(session, row, language) for row, language in rows]
        return [letter for letter in letters if letter and letter.words]

    def claim(self, letter: Letter) -> bool:
        """True for the one caller that is to send it."""
        return self._mark(letter.hand_off_id, letter.after, letter.up_to)

    def give_back(self, letter: Letter) -> None:
        """It did not get away; another round tries again."""
        self._mark(letter.hand_off_id, letter.up_to, letter.after)

    def forget_addresses(self) -> None:
        """Addresses of hand-offs that ended and have nothing left to say, or ended long ago."""
        waiting = {letter.hand_off_id for letter in self.due()}
        now = self._clock()
        with self._writing() as session:
            ended = session.scalars(
                select(HandOffRow).where(
                    HandOffRow.contact.is_not(None), HandOffRow.ended_at.is_not(None), HandOffRow.ended_at < now - 2 * UNSEEN_FOR
                )
            )
            for row in ended:
                if row.id not in waiting or (row.ended_at and row.ended_at < now - GIVE_UP_AFTER):
                    row.contact = None

    def _letter(self, session: Session, row: HandOffRow, language: str) -> Letter | None:
        unseen = [MessageRow.conversation_id == row.conversation_id, MessageRow.seq > row.mailed_seq, MessageRow.created_at >= row.asked_at]
        if row.student_seen_at:
            unseen.append(MessageRow.created_at > row.student_seen_at)
        found = session.execute(
            select(MessageRow, UserRow.name)
            .outerjoin(UserRow, UserRow.id == MessageRow.author_id)
            .where(*unseen, MessageRow.sender.in_(["advisor", "system"]))
            .order_by(MessageRow.seq)
        ).all()
        own = [(message, name) for message, name in found if message.sender == "advisor" or (message.provenance or {}).get("by_mail")]
        if not own or own[-1][0].created_at > self._clock() - UNSEEN_FOR:
            return None  # the advisor may still be writing: one e-mail for all of it
        words = tuple((name if message.sender == "advisor" else None, message.text) for message, name in own)
        return Letter(row.id, row.conversation_id, row.contact or "", "es" if language == "es" else "en", words, row.mailed_seq, own[-1][0].seq)

    def _mark(self, hand_off_id: int, old: int, new: int) -> bool:
        with self._writing() as session:
            changed = session.execute(update(HandOffRow).where(HandOffRow.id == hand_off_id, HandOffRow.mailed_seq == old).values(mailed_seq=new))
            return bool(changed.rowcount)  # type: ignore[attr-defined]
