"""What staff did, in a chain of hashes whose end is signed: a changed, missing, re-ordered or cut-off row shows.

Each row's hash covers the row before it. The last hash and the number of rows are kept beside the chain, signed with
SECRET_KEY, so whoever can write to the database alone cannot shorten the log unseen. Who holds the secret too can; for
that, a head exported to another place (``python -m desk verify-audit --export``) still tells.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk.conversations.store import Clock
from desk.staff.tables import AuditHeadRow
from desk.tables import AuditRow
from knowledge.store import Sessions

_START = "0" * 64


@dataclass(frozen=True)
class AuditFault:
    """What is wrong with the log. `row`: the first row that does not fit; None when it is the end that does not."""

    kind: Literal["changed", "missing", "cut", "unsigned", "forged"]
    row: int | None = None

    @property
    def words(self) -> str:
        return {
            "changed": f"row {self.row} is not what was written",
            "missing": f"row {self.row} does not fit the one before it: a row was removed, added or moved",
            "cut": "its newest rows are missing",
            "unsigned": "the record of where it ends is missing",
            "forged": "the record of where it ends was not signed with this SECRET_KEY",
        }[self.kind]


@dataclass(frozen=True)
class AuditHead:
    """The end of the chain, to be kept in another place: after `count` rows the hash was `hash`."""

    count: int
    hash: str


class Audit:
    def __init__(self, engine: Engine, clock: Clock, secret: str) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading = sessions.writing, sessions.reading
        # One picture of rows and head, also on PostgreSQL, while others go on writing.
        self._snapshot = Sessions(engine.execution_options(isolation_level="SERIALIZABLE")).reading
        self._clock, self._secret = clock, secret.encode()

    def note(self, who: str, action: str, subject: str, **details: Any) -> None:
        self.note_all(who, action, [subject], **details)

    def note_all(self, who: str, action: str, subjects: Sequence[str], **details: Any) -> None:
        """The same done to several: a row each, all in one transaction."""
        try:
            self._note(who, action, subjects, details)
        except IntegrityError:  # two processes wrote the very first row at once; now there is a head to wait for
            self._note(who, action, subjects, details)

    def _note(self, who: str, action: str, subjects: Sequence[str], details: dict[str, Any]) -> None:
        with self._writing() as session:
            head = session.get(AuditHeadRow, 1, with_for_update=True)
            last = session.scalar(select(AuditRow).order_by(AuditRow.id.desc()).limit(1))
            if head is None and last is None:
                head = AuditHeadRow(id=1, count=0, hash=_START, pruned=0, start=_START)
                head.signature = self._signature(head)
                session.add(head)
                session.flush()
            previous = head.hash if head else last.hash if last else _START
            signed = head is not None and self._fits(head)
            for subject in subjects:
                row = AuditRow(at=self._clock().isoformat(), who=who, action=action, subject=subject, details=details, previous=previous, hash="")
                row.hash = previous = _hash(row)
                session.add(row)
                session.flush()  # so that the rows are numbered in this order
            if head is not None:  # a missing head stays missing, and a forged one unsigned, until somebody looks (`seal`)
                head.count, head.hash = head.count + len(subjects), previous
                head.signature = self._signature(head) if signed else head.signature

    def verify(self) -> AuditFault | None:
        """The first thing that is not as written; None when all is."""
        with self._snapshot() as session:
            head = session.get(AuditHeadRow, 1)
            previous, rows = head.start if head else _START, 0
            for row in session.scalars(select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=1000)):
                if row.previous != previous:
                    return AuditFault("missing", row.id)
                if row.hash != _hash(row):
                    return AuditFault("changed", row.id)
                previous, rows = row.hash, rows + 1
            if head is None:
                return AuditFault("unsigned") if rows else None
            if not self._fits(head):
                return AuditFault("forged")
            return None if (head.count - head.pruned, head.hash) == (rows, previous) else AuditFault("cut")

    def seal(self) -> AuditHead:
        """Sign the log as it stands: after an upgrade from a log without a signed end, or a change of SECRET_KEY."""
        with self._writing() as session:
            head = session.get(AuditHeadRow, 1, with_for_update=True)
            hashes = list(session.scalars(select(AuditRow.hash).order_by(AuditRow.id)))
            if head is None:
                head = AuditHeadRow(id=1, pruned=0, start=_START)
                session.add(head)
            head.count, head.hash = head.pruned + len(hashes), hashes[-1] if hashes else head.start
            head.signature = self._signature(head)
            return AuditHead(head.count, head.hash)

    def head(self) -> AuditHead:
        with self._reading() as session:
            head = session.get(AuditHeadRow, 1)
            return AuditHead(head.count, head.hash) if head else AuditHead(0, _START)

    def holds(self, known: AuditHead) -> bool:
        """Does the chain still run through a head that was kept in another place? Also true once that part left by schedule."""
        with self._reading() as session:
            head = session.get(AuditHeadRow, 1)
            pruned, start = (head.pruned, head.start) if head else (0, _START)
            if known.count <= pruned:
                return known.count < pruned or known.hash == start
            return known.hash == session.scalar(select(AuditRow.hash).order_by(AuditRow.id).offset(known.count - pruned - 1).limit(1))

    def prune(self, before: dt.datetime) -> int:
        """Remove rows older than `before` from the beginning of the chain; the head remembers where it now begins."""
        with self._writing() as session:
            head = session.get(AuditHeadRow, 1, with_for_update=True)
            young = session.scalar(select(AuditRow.id).where(AuditRow.at >= before.astimezone(dt.UTC).isoformat()).order_by(AuditRow.id).limit(1))
            old = select(AuditRow).where(AuditRow.id < young) if young is not None else select(AuditRow)
            last = session.scalar(old.order_by(AuditRow.id.desc()).limit(1))
            if head is None or last is None or not self._fits(head):
                return 0  # a log that does not verify is evidence: it is left as it is
            count = _removed(session, last.id)
            head.pruned, head.start = head.pruned + count, last.hash
            head.signature = self._signature(head)
            return count

    def recent(self, limit: int = 200) -> list[AuditRow]:
        with self._reading() as session:
            return list(session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)))

    def _signature(self, head: AuditHeadRow) -> str:
        return hmac.new(self._secret, f"{head.count}:{head.hash}:{head.pruned}:{head.start}".encode(), hashlib.sha256).hexdigest()

    def _fits(self, head: AuditHeadRow) -> bool:
        return hmac.compare_digest(head.signature, self._signature(head))


def _removed(session: Session, up_to: int) -> int:
    return int(session.execute(delete(AuditRow).where(AuditRow.id <= up_to)).rowcount)  # type: ignore[attr-defined]


def _hash(row: AuditRow) -> str:
    content = json.dumps([row.at, row.who, row.action, row.subject, row.details, row.previous], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
