"""What is due to go, what is on hold, and what Rasa must still forget, in SQL."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from desk.conversations.store import Clock
from desk.errors import Conflict, NotFound
from desk.retention.removal import remove
from desk.retention.schedule import Schedule
from desk.retention.tables import ForgettingRow, HoldRow
from desk.staff.tables import SignInTryRow
from desk.tables import AuditRow, ConversationRow, MessageRow, MissRow, SessionRow
from knowledge.store import Sessions

BATCH = 200
"""Conversations deleted in one transaction, so that a student's message never waits long for the deletion of old ones."""
_HELD = select(HoldRow.conversation_id)


@dataclass(frozen=True)
class Hold:
    conversation_id: str
    reason: str
    by: str
    at: dt.datetime
    wanted_at: dt.datetime | None


class RetentionStore:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading, self._clock = sessions.writing, sessions.reading, clock

    # -- the schedule ----------------------------------------------------------------------------------------------------

    def due(self, schedule: Schedule) -> dict[str, int]:
        """How much would go now, how much is held back, and how much is over the promise. Counts only."""
        now = self._clock()
        old = ConversationRow.updated_at < schedule.transcripts.due(now)
        with self._reading() as session:
            count = _counter(session)
            late = (ConversationRow.updated_at < schedule.transcripts.broken(now), ConversationRow.id.not_in(_HELD))
            return {
                "transcripts": count(ConversationRow, old, ConversationRow.id.not_in(_HELD)),
                "messages": count(
                    MessageRow, MessageRow.conversation_id.in_(select(ConversationRow.id).where(old, ConversationRow.id.not_in(_HELD)))
                ),
                "misses": count(MissRow, *_old_misses(schedule, now)),
                "audit_rows": count(AuditRow, AuditRow.at < schedule.audit.due(now).astimezone(dt.UTC).isoformat()),
                "held": count(ConversationRow, old, ConversationRow.id.in_(_HELD)),
                "late": count(ConversationRow, *late) + count(MissRow, *_old_misses(schedule, now, late=True)),
            }

    def delete_due(self, schedule: Schedule) -> list[str]:
        """One batch of conversations past their time, and every miss past its own; returns the conversations."""
        now = self._clock()
        with self._writing() as session:
            old = select(ConversationRow.id).where(ConversationRow.updated_at < schedule.transcripts.due(now), ConversationRow.id.not_in(_HELD))
            ids = list(session.scalars(old.order_by(ConversationRow.updated_at).limit(BATCH)))
            remove(session, ids, now)
            session.execute(delete(MissRow).where(*_old_misses(schedule, now)))
            session.execute(delete(SessionRow).where(SessionRow.expires_at < now))
            session.execute(delete(SignInTryRow).where(SignInTryRow.at < now - dt.timedelta(days=1)))
        return ids

    # -- holds -----------------------------------------------------------------------------------------------------------

    def hold(self, conversation_id: str, reason: str, by: str) -> None:
        with self._writing() as session:
            if session.get(ConversationRow, conversation_id) is None:
                raise NotFound("There is no such conversation.")
            if session.get(HoldRow, conversation_id) is not None:
                raise Conflict("This conversation is on hold already.")
            session.add(HoldRow(conversation_id=conversation_id, reason=reason, by=by, at=self._clock()))

    def release(self, conversation_id: str) -> bool:
        """End a hold. True if the student had asked to delete: then the conversation is gone now."""
        with self._writing() as session:
            row = session.get(HoldRow, conversation_id, with_for_update=True)
            if row is None:
                raise NotFound("This conversation is not on hold.")
            wanted = row.wanted_at is not None
            session.delete(row)
            session.flush()
            if wanted:
                remove(session, [conversation_id], self._clock())
            return wanted

    def holds(self) -> list[Hold]:
        with self._reading() as session:
            rows = session.scalars(select(HoldRow).order_by(HoldRow.at))
            return [Hold(r.conversation_id, r.reason, r.by, r.at, r.wanted_at) for r in rows]

    # -- Rasa's memory -----------------------------------------------------------------------------------------------------

    def to_forget(self, before: dt.datetime, most: int = 100) -> list[str]:
        with self._reading() as session:
            old = select(ForgettingRow.conversation_id).where(ForgettingRow.since <= before)
            return list(session.scalars(old.order_by(ForgettingRow.since).limit(most)))

    def forgotten(self, conversation_id: str) -> None:
        with self._writing() as session:
            session.execute(delete(ForgettingRow).where(ForgettingRow.conversation_id == conversation_id))


def _old_misses(schedule: Schedule, now: dt.datetime, late: bool = False) -> tuple[Any, ...]:
    before = schedule.misses.broken(now) if late else schedule.misses.due(now)
    return (MissRow.at < before, MissRow.conversation_id.is_(None) | MissRow.conversation_id.not_in(_HELD))


def _counter(session: Session) -> Any:
    return lambda table, *where: session.scalar(select(func.count()).select_from(table).where(*where)) or 0
