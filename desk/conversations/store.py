"""Conversations in SQL: the only door to them, with the permission check inside.

Each function is one transaction. A state changes only if it still is what the caller saw (compare and set), so a
conversation never has two owners, on SQLite and on PostgreSQL alike.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk.conversations import hand_off_store, turn_rows
from desk.conversations.claims import Claims
from desk.conversations.hand_off_store import Ending
from desk.conversations.key_store import digest, unlocked
from desk.conversations.model import Arrival, Conversation, Draft, Finished, Message
from desk.conversations.outcome import outcome_of
from desk.conversations.rows import changed_since, conversation_of, message_of, offered_by, row_of, sent_before
from desk.conversations.states import State, check_move
from desk.conversations.turn_store import TurnStore, ask_again
from desk.errors import Conflict, NotFound, NotSignedIn
from desk.retention.removal import also_kept, remove_unless_held
from desk.tables import ConversationRow, FeedbackRow, MessageRow, UserRow
from knowledge.replies import HandOff
from knowledge.schema import Language
from knowledge.store import Sessions

Clock = Callable[[], dt.datetime]


class ConversationStore:
    """`clock` returns the current time with a zone; tests pass their own. `desk` names this process."""

    def __init__(self, engine: Engine, clock: Clock, desk: str = "desk") -> None:
        self.sessions, self.clock = Sessions(engine), clock
        self.writing, self.reading = self.sessions.writing, self.sessions.reading
        self.turns = TurnStore(self.sessions, clock, Claims(desk))

    def open(self, language: Language, drafts: Sequence[Draft], device: str | None = None) -> tuple[Conversation, str, list[Message]]:
        """A new conversation with its first messages; returns the token, which is not kept. `device`: its class, for counting."""
        token, now = secrets.token_urlsafe(32), self.clock()
        new_id, known_as = secrets.token_urlsafe(18), digest(token)
        row = ConversationRow(
            id=new_id, token_digest=known_as, state=State.WITH_BOT, language=language, last_seq=0, memory={}, device=device, created_at=now, updated_at=now
        )  # fmt: skip
        with self.writing() as session:
            session.add(row)
            session.flush()
            stored = [self._store(session, row, draft) for draft in drafts]
            return conversation_of(row), token, stored

    def access_for_student(self, conversation_id: str, token: str) -> Conversation:
        """The conversation, if the token opens it. A wrong id and a wrong token look the same from outside."""
        with self.sessions.looking() as connection:
            row = unlocked(connection, conversation_id, token)
            if row is None:
                raise NotSignedIn("This conversation cannot be opened with this token.")
            return conversation_of(row)

    def access_for_staff(self, conversation_id: str) -> Conversation:
        with self.reading() as session:
            return conversation_of(row_of(session, conversation_id))

    def owner_name(self, conversation: Conversation) -> str | None:
        """Who has the conversation, by name."""
        with self.reading() as session:
            return hand_off_store.name_of(session, conversation.owner_id)

    def messages(self, conversation_id: str, after: int = 0, limit: int = 500) -> list[Message]:
        with self.reading() as session:
            found = session.execute(
                select(MessageRow, UserRow.name)
                .outerjoin(UserRow, UserRow.id == MessageRow.author_id)
                .where(MessageRow.conversation_id == conversation_id, MessageRow.seq > after)
                .order_by(MessageRow.seq)
                .limit(limit)
            )
            return [message_of(row, author) for row, author in found]

    def label_of(self, conversation_id: str, choice_id: str) -> str | None:
        """The words on a button, if this conversation was ever offered it; the newest counts."""
        with self.reading() as session:
            found = session.scalars(
                select(MessageRow)
                .where(MessageRow.conversation_id == conversation_id, MessageRow.sender != "student")
                .order_by(MessageRow.seq.desc())
            )
            return next((str(c["label"]) for row in found for c in offered_by(row) if c["id"] == choice_id), None)

    def add_from_student(self, conversation_id: str, draft: Draft) -> Arrival:
        """Store a student's message, and claim its conversation if no other process has it. The same message again changes nothing."""
        try:
            with self.sessions.changing() as connection:
                return self._new_from_student(connection, turn_rows.locked(connection, conversation_id), draft)
        except IntegrityError:  # its client id is there already
            with self.reading() as session:
                known = sent_before(session, conversation_id, draft)
            if known is None:
                raise
            return Arrival(message_of(known))

    def _new_from_student(self, connection: Connection, row: Row[Any], draft: Draft) -> Arrival:
        """`row`: the conversation's, locked. Raises IntegrityError."""
        now = self.clock()
        state = State.WITH_BOT if row.state == State.CLOSED else State(row.state)
        free, seq = self.turns.claims.is_free(row, now), row.last_seq + 1
        claim = self.turns.claims.mine(now) if free else {}
        turn_rows.change(connection, row.id, {"last_seq": seq, "updated_at": now, "state": state, "language": draft.language, **claim})
        message = turn_rows.store(connection, row.id, seq, draft, now)
        first = free and turn_rows.oldest_pending(connection, row.id) == seq
        after = replace(conversation_of(row), state=state, language=draft.language, last_seq=seq, updated_at=now)
        return Arrival(message, True, state if state != row.state else None, after if first else None)

    def add(
        self, conversation_id: str, drafts: Sequence[Draft], *, owner_id: int | None = None, only_in: frozenset[State] = frozenset(State)
    ) -> list[Message]:
        """Store messages of an advisor or of the desk itself. With `owner_id`, only if that advisor owns the chat.

        Conflict, and nothing stored, if the conversation is in none of the states `only_in`. A draft whose
        `client_id` is stored already is that message: an advisor's retry never doubles.
        """
        with self.writing() as session:
            row = row_of(session, conversation_id, lock=True)
            if row.state not in only_in:
                raise Conflict("The conversation changed meanwhile.", state=row.state)
            before = [sent_before(session, conversation_id, draft) for draft in drafts]
            if owner_id is not None and None in before and (row.state != State.WITH_ADVISOR or row.owner_id != owner_id):
                raise Conflict("Take over the conversation before replying.", state=row.state)
            name = hand_off_store.name_of(session, owner_id)
            said = [message_of(known) if known else self._store(session, row, draft) for known, draft in zip(before, drafts, strict=True)]
            return [replace(message, author=name) for message in said]

    def finish_turn(
        self,
        conversation_id: str,
        seq: int,
        drafts: Sequence[Draft],
        memory: dict[str, Any],
        allowed: frozenset[State],
        language: Language | None,
        hand_off: HandOff | None = None,
        on_hand_off: Sequence[Draft] = (),
    ) -> Finished | None:
        """Store the bot's replies to message `seq` and mark it dealt with, once; with `hand_off`, queue it in the same step.

        `on_hand_off` is said only if the conversation was not in the queue before; if it was, only urgency can rise.

        Returns None, and stores nothing, if the message was dealt with already. If a person owns the conversation by
        now, the replies are dropped: the bot never speaks over an advisor.
        """
        with self.sessions.changing() as connection:
            row, now = turn_rows.locked(connection, conversation_id), self.clock()
            may = row.state in allowed
            if not turn_rows.done(connection, conversation_id, seq, outcome_of(drafts if may else (), hand_off if may else None)):
                return None
            values: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
            if may:
                values |= {"memory": memory, "county": memory.get("facts", {}).get("county"), "language": language or row.language}
            if may and hand_off and row.state == State.WITH_BOT:
                values["state"], drafts = State.WAITING, [*drafts, *on_hand_off]
                with Session(connection) as session, session.begin():
                    hand_off_store.note_move(session, conversation_id, State.WITH_BOT, State.WAITING, None, hand_off, now, Ending())
            elif may and hand_off:
                with Session(connection) as session, session.begin():
                    hand_off_store.raise_urgency(session, conversation_id, hand_off)
            said = [turn_rows.store(connection, conversation_id, row.last_seq + n, draft, now) for n, draft in enumerate(drafts if may else (), 1)]
            if said:
                values |= {"last_seq": said[-1].seq, "updated_at": now}
            turn_rows.change(connection, conversation_id, values)
            return Finished(said, turn_rows.oldest_pending(connection, conversation_id) is not None)

    def _store(self, session: Session, row: ConversationRow, draft: Draft) -> Message:
        row.last_seq += 1
        row.updated_at = self.clock()
        session.flush()
        return turn_rows.store(session.connection(), row.id, row.last_seq, draft, row.updated_at)

    def move(self, conversation_id: str, new: State, **how: Any) -> Conversation:
        """`move_saying` without a word."""
        return self.move_saying(conversation_id, new, [], **how)[0]

    def move_saying(
        self,
        conversation_id: str,
        new: State,
        drafts: Sequence[Draft],
        *,
        expected: State | None = None,
        held_by: int | None = None,
        owner_id: int | None = None,
        hand_off: HandOff | None = None,
        ending: Ending | None = None,
        quiet_since: dt.datetime | None = None,
    ) -> tuple[Conversation, list[Message]]:
        """Change the state and store the words about it in one step.

        `expected`: the state the caller saw; `held_by`: the owner they saw; `quiet_since`: the moment of the last word they saw.
        Conflict if any changed meanwhile. `owner_id` becomes the owner when the new state is with_advisor; from one advisor
        to the next only with `held_by`, or two could pass it on at once.
        """
        with self.writing() as session:
            row = row_of(session, conversation_id, lock=True)
            old, held = State(row.state), row.owner_id
            if changed_since(row, expected, held_by, quiet_since) or (old is new is State.WITH_ADVISOR and not held_by):
                name = hand_off_store.name_of(session, held)
                raise Conflict(f"{name} has this conversation." if name else "The conversation changed meanwhile.", state=old, owner=name)
            check_move(old, new)
            changed = session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation_id, ConversationRow.state == old, ConversationRow.owner_id.is_not_distinct_from(held))
                .values(state=new, owner_id=owner_id if new is State.WITH_ADVISOR else None, updated_at=self.clock())
            )
            if not changed.rowcount:  # type: ignore[attr-defined]
                raise Conflict("The conversation changed meanwhile.", state=old)
            hand_off_store.note_move(session, conversation_id, old, new, owner_id, hand_off, self.clock(), ending or Ending())
            if old is State.WITH_ADVISOR and new is State.WITH_BOT:
                ask_again(session, conversation_id)
            session.refresh(row)
            said = [self._store(session, row, draft) for draft in drafts]
            return conversation_of(row), said

    def queue(self) -> list[dict[str, Any]]:
        """Open conversations that concern advisors, crisis first, then longest waiting."""
        with self.reading() as session:
            return hand_off_store.queue(session)

    def recent(self, limit: int = 50) -> list[dict[str, Any]]:
        with self.reading() as session:
            return hand_off_store.recent(session, limit)

    def keep_feedback(self, conversation_id: str, seq: int, helpful: bool, comment: str) -> None:
        with self.writing() as session:
            message = session.get(MessageRow, (conversation_id, seq))
            if message is None or message.sender not in ("bot", "advisor"):
                raise NotFound("There is no answer with this number in this conversation.")
            session.merge(FeedbackRow(conversation_id=conversation_id, seq=seq, helpful=helpful, comment=comment, at=self.clock()))

    def feedback(self, conversation_id: str) -> list[dict[str, Any]]:
        with self.reading() as session:
            rows = session.scalars(select(FeedbackRow).where(FeedbackRow.conversation_id == conversation_id).order_by(FeedbackRow.seq))
            return [{"seq": r.seq, "helpful": r.helpful, "comment": r.comment, "at": r.at.isoformat()} for r in rows]

    def delete(self, conversation_id: str) -> bool:
        """Remove the conversation and everything in it, for the student; False while a legal hold forbids it."""
        with self.writing() as session:
            return remove_unless_held(session, conversation_id, self.clock())

    def also_kept(self, conversation_id: str) -> dict[str, list[dict[str, Any]]]:
        """What else is kept of the conversation, for the student's export."""
        with self.reading() as session:
            return also_kept(session, conversation_id)
