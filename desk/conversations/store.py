"""Conversations in SQL: the only door to them, with the permission check inside.

Each function is one transaction. A state changes only if it still is what the caller saw (compare and set), so a
conversation never has two owners, on SQLite and on PostgreSQL alike.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from desk.conversations.model import Conversation, Draft, Message
from desk.conversations.states import State, check_move
from desk.errors import Conflict, NotFound, NotSignedIn
from desk.tables import ConversationRow, FeedbackRow, HandOffRow, MessageRow, MissRow, UserRow
from knowledge.replies import HandOff
from knowledge.schema import Language
from knowledge.store import reading

Clock = Callable[[], dt.datetime]


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class ConversationStore:
    """`clock` returns the current time with a zone; tests pass their own."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._writers = sessionmaker(engine, expire_on_commit=False)
        self._readers = sessionmaker(reading(engine), expire_on_commit=False)
        self.clock = clock

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._writers.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._readers.begin() as session:
            yield session

    # -- opening and reading ---------------------------------------------------------------------------------------

    def open(self, language: Language, drafts: Sequence[Draft]) -> tuple[Conversation, str, list[Message]]:
        """A new conversation with its first messages; returns the token, which is not kept."""
        token, now = secrets.token_urlsafe(32), self.clock()
        row = ConversationRow(
            id=secrets.token_urlsafe(18), token_digest=digest(token), state=State.WITH_BOT, language=language,
            last_seq=0, memory={}, created_at=now, updated_at=now,
        )  # fmt: skip
        with self.writing() as session:
            session.add(row)
            session.flush()
            stored = [self._store(session, row, draft) for draft in drafts]
            return _conversation(row), token, [_message(m) for m in stored]

    def access_for_student(self, conversation_id: str, token: str) -> Conversation:
        """The conversation, if the token opens it. A wrong id and a wrong token look the same from outside."""
        with self.reading() as session:
            row = session.get(ConversationRow, conversation_id)
            known = row.token_digest if row else digest("")
            if not hmac.compare_digest(known, digest(token)) or row is None:
                raise NotSignedIn("This conversation cannot be opened with this token.")
            return _conversation(row)

    def access_for_staff(self, conversation_id: str) -> Conversation:
        with self.reading() as session:
            return _conversation(_row(session, conversation_id))

    def messages(self, conversation_id: str, after: int = 0, limit: int = 500) -> list[Message]:
        with self.reading() as session:
            found = session.execute(
                select(MessageRow, UserRow.name)
                .outerjoin(UserRow, UserRow.id == MessageRow.author_id)
                .where(MessageRow.conversation_id == conversation_id, MessageRow.seq > after)
                .order_by(MessageRow.seq)
                .limit(limit)
            )
            return [_message(row, author) for row, author in found]

    # -- messages --------------------------------------------------------------------------------------------------

    def add_from_student(self, conversation_id: str, draft: Draft) -> tuple[Message, bool, State | None]:
        """Store a student's message. Returns (message, is it new, new state if writing re-opened a closed chat)."""
        with self.writing() as session:
            row = _row(session, conversation_id, lock=True)
            known = session.scalar(
                select(MessageRow).where(MessageRow.conversation_id == conversation_id, MessageRow.client_id == draft.client_id)
            )
            if known is not None:
                return _message(known), False, None
            reopened = None
            if row.state == State.CLOSED:
                row.state = reopened = State.WITH_BOT
            if draft.sender == "student":
                row.language = draft.language
            return _message(self._store(session, row, draft)), True, reopened

    def add(self, conversation_id: str, drafts: Sequence[Draft], *, owner_id: int | None = None) -> list[Message]:
        """Store messages of an advisor or of the desk itself. With `owner_id`, only if that advisor owns the chat."""
        with self.writing() as session:
            row = _row(session, conversation_id, lock=True)
            if owner_id is not None and (row.state != State.WITH_ADVISOR or row.owner_id != owner_id):
                raise Conflict("Take over the conversation before replying.", state=row.state)
            return [_message(self._store(session, row, draft)) for draft in drafts]

    def finish_turn(
        self, conversation_id: str, seq: int, drafts: Sequence[Draft], memory: dict[str, Any], allowed: frozenset[State], language: Language | None
    ) -> list[Message] | None:
        """Store the bot's replies to message `seq` and mark it dealt with, once.

        Returns None, and stores nothing, if the message was dealt with already. If a person owns the conversation by
        now, the replies are dropped: the bot never speaks over an advisor.
        """
        with self.writing() as session:
            row = _row(session, conversation_id, lock=True)
            done = session.execute(
                update(MessageRow)
                .where(MessageRow.conversation_id == conversation_id, MessageRow.seq == seq, MessageRow.pending.is_(True))
                .values(pending=False)
            )
            if not done.rowcount:  # type: ignore[attr-defined]
                return None
            if row.state not in allowed:
                return []
            row.memory = memory
            if language:
                row.language = language
            return [_message(self._store(session, row, draft)) for draft in drafts]

    def pending(self, conversation_id: str) -> Message | None:
        """The oldest student message that nobody has dealt with."""
        with self.reading() as session:
            row = session.scalar(
                select(MessageRow)
                .where(MessageRow.conversation_id == conversation_id, MessageRow.pending.is_(True))
                .order_by(MessageRow.seq)
                .limit(1)
            )
            return _message(row) if row else None

    def conversations_with_pending(self, before: dt.datetime) -> list[str]:
        """Conversations holding a message stored before that moment and not dealt with: left by a crash."""
        with self.reading() as session:
            found = select(MessageRow.conversation_id).where(MessageRow.pending.is_(True), MessageRow.created_at < before)
            return list(session.scalars(found.distinct()))

    def _store(self, session: Session, row: ConversationRow, draft: Draft) -> MessageRow:
        row.last_seq += 1
        row.updated_at = self.clock()
        message = MessageRow(
            conversation_id=row.id, seq=row.last_seq, client_id=draft.client_id, sender=draft.sender, author_id=draft.author_id,
            text=draft.text, language=draft.language, choice_id=draft.choice_id, choices=draft.choices, answer=draft.answer,
            provenance=draft.provenance, pending=draft.pending, created_at=self.clock(),
        )  # fmt: skip
        session.add(message)
        session.flush()
        return message

    # -- states ----------------------------------------------------------------------------------------------------

    def move(self, conversation_id: str, new: State, *, expected: State | None = None, owner_id: int | None = None, hand_off: HandOff | None = None) -> Conversation:
        """Change the state in one step. `expected`: the state the caller saw; Conflict if it changed meanwhile.

        `owner_id` becomes the owner when the new state is with_advisor; it is empty in every other state.
        """
        with self.writing() as session:
            row = _row(session, conversation_id, lock=True)
            old = State(row.state)
            if expected is not None and old is not expected:
                name = session.scalar(select(UserRow.name).where(UserRow.id == row.owner_id)) if row.owner_id else None
                raise Conflict("The conversation changed meanwhile.", state=old, owner=name)
            check_move(old, new)
            changed = session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation_id, ConversationRow.state == old)
                .values(state=new, owner_id=owner_id if new is State.WITH_ADVISOR else None, updated_at=self.clock())
            )
            if not changed.rowcount:  # type: ignore[attr-defined]
                raise Conflict("The conversation changed meanwhile.", state=old)
            self._note_hand_off(session, conversation_id, new, owner_id, hand_off)
            session.refresh(row)
            return _conversation(row)

    def _note_hand_off(self, session: Session, conversation_id: str, new: State, owner_id: int | None, asked: HandOff | None) -> None:
        now = self.clock()
        open_ones = (HandOffRow.conversation_id == conversation_id, HandOffRow.ended_at.is_(None))
        current = session.scalar(select(HandOffRow).where(*open_ones).order_by(HandOffRow.id.desc()).limit(1))
        if new in (State.WITH_BOT, State.CLOSED):
            if current:
                current.ended_at, current.outcome = now, "returned" if new is State.WITH_BOT else "closed"
            return
        if current is None:
            asked = asked or HandOff(reason="topic")
            current = HandOffRow(conversation_id=conversation_id, reason=asked.reason, urgency=asked.urgency, asked_at=now)
            session.add(current)
        if new is State.WITH_ADVISOR:
            current.taken_by, current.taken_at = owner_id, now

    def raise_urgency(self, conversation_id: str, asked: HandOff) -> None:
        """A waiting conversation became more urgent (a crisis message while in the queue)."""
        with self.writing() as session:
            session.execute(
                update(HandOffRow)
                .where(HandOffRow.conversation_id == conversation_id, HandOffRow.ended_at.is_(None))
                .values(urgency=asked.urgency, reason=asked.reason)
            )

    def queue(self) -> list[dict[str, Any]]:
        """Open conversations that concern advisors, crisis first, then longest waiting."""
        with self.reading() as session:
            last = select(func.max(MessageRow.seq)).where(MessageRow.conversation_id == ConversationRow.id, MessageRow.sender == "student").scalar_subquery()
            rows = session.execute(
                select(ConversationRow, HandOffRow, UserRow.name, MessageRow.text)
                .outerjoin(HandOffRow, (HandOffRow.conversation_id == ConversationRow.id) & HandOffRow.ended_at.is_(None))
                .outerjoin(UserRow, UserRow.id == ConversationRow.owner_id)
                .outerjoin(MessageRow, (MessageRow.conversation_id == ConversationRow.id) & (MessageRow.seq == last))
                .where(ConversationRow.state.in_([State.WAITING, State.WITH_ADVISOR]))
            )
            items = [
                {
                    "id": c.id, "state": c.state, "language": c.language, "owner_id": c.owner_id, "owner": name, "updated_at": c.updated_at,
                    "reason": h.reason if h else "topic", "urgency": h.urgency if h else "normal", "asked_at": h.asked_at if h else c.updated_at,
                    "last": text or "",
                }
                for c, h, name, text in rows
            ]  # fmt: skip
        rank = {"crisis": 0, "high": 1, "normal": 2}
        return sorted(items, key=lambda i: (i["state"] != State.WAITING, rank[i["urgency"]], i["asked_at"]))

    def recent(self, limit: int = 50) -> list[Conversation]:
        with self.reading() as session:
            rows = session.scalars(select(ConversationRow).where(ConversationRow.last_seq > 1).order_by(ConversationRow.updated_at.desc()).limit(limit))
            return [_conversation(row) for row in rows]

    def waiting_count(self) -> int:
        with self.reading() as session:
            return session.scalar(select(func.count()).select_from(ConversationRow).where(ConversationRow.state == State.WAITING)) or 0

    # -- feedback, misses, deletion --------------------------------------------------------------------------------

    def keep_feedback(self, conversation_id: str, seq: int, helpful: bool, comment: str) -> None:
        with self.writing() as session:
            message = session.get(MessageRow, (conversation_id, seq))
            if message is None or message.sender not in ("bot", "advisor"):
                raise NotFound("There is no answer with this number in this conversation.")
            session.merge(FeedbackRow(conversation_id=conversation_id, seq=seq, helpful=helpful, comment=comment, at=self.clock()))

    def note_miss(self, conversation_id: str, seq: int, why: str, text: str, language: Language) -> None:
        with self.writing() as session:
            session.add(MissRow(conversation_id=conversation_id, seq=seq, why=why, text=text, language=language, at=self.clock()))

    def delete(self, conversation_id: str) -> None:
        """Remove the conversation and everything in it; nothing of the student stays."""
        with self.writing() as session:
            for table in (MissRow, FeedbackRow, HandOffRow, MessageRow):
                session.execute(delete(table).where(table.conversation_id == conversation_id))
            session.execute(delete(ConversationRow).where(ConversationRow.id == conversation_id))


def _row(session: Session, conversation_id: str, lock: bool = False) -> ConversationRow:
    row = session.get(ConversationRow, conversation_id, with_for_update=lock or None)
    if row is None:
        raise NotFound("There is no such conversation.")
    return row


def _conversation(row: ConversationRow) -> Conversation:
    return Conversation(
        row.id, State(row.state), "es" if row.language == "es" else "en", row.owner_id, row.last_seq, dict(row.memory), row.created_at, row.updated_at
    )


def _message(row: MessageRow, author: str | None = None) -> Message:
    return Message(
        row.conversation_id, row.seq, row.client_id, row.sender, row.text, "es" if row.language == "es" else "en",  # type: ignore[arg-type]
        row.created_at, row.choice_id, list(row.choices or []), row.answer, row.provenance, author,
    )  # fmt: skip
