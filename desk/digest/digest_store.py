"""Which member of staff was sent which week's e-mail, in SQL."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, delete
from sqlalchemy.dialects import postgresql, sqlite

from desk.conversations.store import Clock
from desk.digest.tables import DigestRow
from knowledge.store import Sessions

KEPT = dt.timedelta(days=60)


class DigestStore:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._writing, self._clock = Sessions(engine).writing, clock
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    def claim(self, user_id: int, due: dt.datetime) -> bool:
        """True for the one caller, of however many processes, that is to send it."""
        now = self._clock()
        with self._writing() as session:
            session.execute(delete(DigestRow).where(DigestRow.due < now - KEPT))
            row = self._insert(DigestRow).values(user_id=user_id, due=due, sent_at=now).on_conflict_do_nothing()
            return session.scalar(row.returning(DigestRow.user_id)) is not None

    def give_back(self, user_id: int, due: dt.datetime) -> None:
        """It did not get away; another round tries again."""
        with self._writing() as session:
            session.execute(delete(DigestRow).where(DigestRow.user_id == user_id, DigestRow.due == due))
