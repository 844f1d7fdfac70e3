"""The next message to answer, and the claims of the process that answers it, in SQL. Each function is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.conversations.claims import Claims
from desk.conversations.model import Conversation, Message
from desk.conversations.notices import answered_by_the_desk
from desk.conversations.rows import conversation_of, message_of, row_of
from desk.tables import ConversationRow, MessageRow
from knowledge.store import Sessions


class TurnStore:
    def __init__(self, sessions: Sessions, clock: Callable[[], dt.datetime], claims: Claims) -> None:
        self._reading, self._writing, self._clock, self.claims = sessions.reading, sessions.writing, clock, claims

    def next_message(self, conversation_id: str) -> tuple[Conversation, Message] | None:
        """The oldest student message that nobody has dealt with, claimed for this process; None if there is none, or
        another process is at it: that one looks again when it has stored its replies."""
        with self._reading() as session:
            row, message = row_of(session, conversation_id), _oldest(session, conversation_id)
            if message is None:
                return None
            if self.claims.holds(row, self._clock()):
                return conversation_of(row), message_of(message)
        with self._writing() as session:
            row = row_of(session, conversation_id, lock=True)
            message = _oldest(session, conversation_id)
            if message is None or not self.claims.take(row, self._clock()):
                return None
            return conversation_of(row), message_of(message)

    def renew(self, conversation_ids: Iterable[str]) -> None:
        """A turn takes long: keep its conversation."""
        with self._writing() as session:
            self.claims.renew(session, conversation_ids, self._clock())

    def left_behind(self) -> list[str]:
        """Conversations with a message that nobody has dealt with and nobody is dealing with."""
        with self._reading() as session:
            return self.claims.left_behind(session, self._clock())

    def standings(self, conversation_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
        """Last number and state of each conversation that is still there."""
        with self._reading() as session:
            rows = session.execute(
                select(ConversationRow.id, ConversationRow.last_seq, ConversationRow.state).where(ConversationRow.id.in_(conversation_ids))
            )
            return {conversation_id: (last_seq, state) for conversation_id, last_seq, state in rows}


def ask_again(session: Session, conversation_id: str) -> None:
    """What a person left unanswered awaits the bot. Danger and addresses had their answer from the desk itself."""
    here = MessageRow.conversation_id == conversation_id
    spoken = select(func.coalesce(func.max(MessageRow.seq), 0)).where(here, MessageRow.sender.in_(("bot", "advisor"))).scalar_subquery()
    for message in session.scalars(select(MessageRow).where(here, MessageRow.sender == "student", MessageRow.seq > spoken)):
        message.pending = message.pending or not answered_by_the_desk(message.provenance)


def _oldest(session: Session, conversation_id: str) -> MessageRow | None:
    waiting = select(MessageRow).where(MessageRow.conversation_id == conversation_id, MessageRow.pending.is_(True))
    return session.scalar(waiting.order_by(MessageRow.seq).limit(1))
