"""What staff did, in a chain of hashes: changing or removing a row breaks every hash after it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Engine, select

from desk.conversations.store import Clock
from desk.tables import AuditRow
from knowledge.store import Sessions

_START = "0" * 64


class Audit:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading = sessions.writing, sessions.reading
        self._clock = clock

    def note(self, who: str, action: str, subject: str, **details: Any) -> None:
        with self._writing() as session:
            last = session.scalar(select(AuditRow).order_by(AuditRow.id.desc()).limit(1).with_for_update())
            previous = last.hash if last else _START
            row = AuditRow(at=self._clock().isoformat(), who=who, action=action, subject=subject, details=details, previous=previous, hash="")
            row.hash = _hash(row)
            session.add(row)

    def verify(self) -> int | None:
        """The id of the first row that does not fit the chain; None when all is as written."""
        previous = _START
        with self._reading() as session:
            for row in session.scalars(select(AuditRow).order_by(AuditRow.id)):
                if row.previous != previous or row.hash != _hash(row):
                    return row.id
                previous = row.hash
        return None

    def recent(self, limit: int = 200) -> list[AuditRow]:
        with self._reading() as session:
            return list(session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)))


def _hash(row: AuditRow) -> str:
    content = json.dumps([row.at, row.who, row.action, row.subject, row.details, row.previous], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
