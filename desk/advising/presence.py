"""Who is on duty: somebody with a page of the desk open who takes conversations now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, select, update

from desk.advising.tables import PresenceRow
from desk.conversations.store import Clock
from desk.tables import UserRow
from knowledge.store import Sessions

BEAT_S = 15.0
"""An open page tells so often that it is still open."""
GONE_AFTER = dt.timedelta(seconds=3 * BEAT_S)
"""Longer than it takes to go from one page to the next."""


@dataclass(frozen=True)
class OnDuty:
    user_id: int
    name: str


class Presence:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading, self._clock = sessions.writing, sessions.reading, clock

    def is_here(self, user_id: int) -> None:
        """A page of the desk is open in this person's browser."""
        with self._writing() as session:
            row = session.get(PresenceRow, user_id)
            if row is None:
                session.add(PresenceRow(user_id=user_id, seen_at=self._clock(), available=True))
            else:
                row.seen_at = self._clock()

    def set_available(self, user_id: int, available: bool) -> None:
        """Does this person take conversations now? Stays so until said otherwise, over sign-out too."""
        self.is_here(user_id)
        with self._writing() as session:
            session.execute(update(PresenceRow).where(PresenceRow.user_id == user_id).values(available=available))

    def is_available(self, user_id: int) -> bool:
        with self._reading() as session:
            row = session.get(PresenceRow, user_id)
            return row is None or row.available

    def at_the_desk(self) -> set[int]:
        """Everybody who has a page of the desk open, available or not."""
        with self._reading() as session:
            return set(session.scalars(select(PresenceRow.user_id).where(PresenceRow.seen_at > self._clock() - GONE_AFTER)))

    def on_duty(self) -> list[OnDuty]:
        """Advisors and admins at the desk now who take conversations, by name."""
        with self._reading() as session:
            rows = session.execute(
                select(UserRow.id, UserRow.name)
                .join(PresenceRow, PresenceRow.user_id == UserRow.id)
                .where(PresenceRow.seen_at > self._clock() - GONE_AFTER, PresenceRow.available.is_(True))
                .where(UserRow.active.is_(True), UserRow.role.in_(["advisor", "admin"]))
                .order_by(UserRow.name)
            )
            return [OnDuty(user_id, name) for user_id, name in rows]
