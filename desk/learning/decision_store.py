"""Decisions on misses in SQL. A decision and the misses it settles change in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, case, func, select, update
from sqlalchemy.orm import Session

from desk.conversations.store import Clock
from desk.errors import Conflict, NotFound
from desk.learning.model import Decision, DecisionState, NewDecision
from desk.learning.tables import DecisionRow
from desk.tables import MissRow
from knowledge.store import Sessions

_FROM: dict[DecisionState, tuple[DecisionState, ...]] = {"live": ("proposed",), "declined": ("proposed",), "undone": ("live", "dismissed")}
"""Which states each may follow."""


class DecisionStore:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self.writing, self.reading, self.clock = sessions.writing, sessions.reading, clock

    def add(self, new: NewDecision, miss_ids: Sequence[int], who: str, state: DecisionState = "proposed") -> Decision:
        """Settle these misses by it. Conflict if somebody settled one of them meanwhile."""
        with self.writing() as session:
            now = self.clock()
            decided = (who, now) if state == "dismissed" else (None, None)
            row = DecisionRow(
                action=new.action, state=state, kind=new.kind, key=new.key, phrasings=dict(new.phrasings), note=new.note, proposed_by=who, proposed_at=now,
                decided_by=decided[0], decided_at=decided[1],
            )  # fmt: skip
            session.add(row)
            session.flush()
            done = session.execute(
                update(MissRow).where(MissRow.id.in_(miss_ids), MissRow.decision_id.is_(None)).values(decision_id=row.id, told_at=None)
            )
            if done.rowcount != len(set(miss_ids)):  # type: ignore[attr-defined]
                raise Conflict("Somebody settled these questions meanwhile.", back="/desk/misses")
            return _decision(session, row)

    def move(self, decision_id: int, state: DecisionState, who: str) -> Decision:
        """To live, declined or undone. The misses of a declined or undone decision are open again."""
        with self.writing() as session:
            row = session.get(DecisionRow, decision_id, with_for_update=True)
            if row is None:
                raise NotFound("There is no such decision.")
            if row.state not in _FROM[state]:
                raise Conflict(f"This was {row.state} meanwhile.", back=f"/desk/misses/decisions/{decision_id}")
            row.state, row.decided_by, row.decided_at = state, who, self.clock()
            if state in ("declined", "undone"):
                session.execute(update(MissRow).where(MissRow.decision_id == decision_id).values(decision_id=None, told_at=None))
            session.flush()
            return _decision(session, row)

    def get(self, decision_id: int) -> Decision:
        with self.reading() as session:
            row = session.get(DecisionRow, decision_id)
            if row is None:
                raise NotFound("There is no such decision.")
            return _decision(session, row)

    def listed(self, *states: DecisionState, limit: int = 100) -> list[Decision]:
        """The newest first."""
        with self.reading() as session:
            rows = session.scalars(select(DecisionRow).where(DecisionRow.state.in_(states)).order_by(DecisionRow.id.desc()).limit(limit))
            return [_decision(session, row) for row in rows]

    def count(self, state: DecisionState) -> int:
        with self.reading() as session:
            return session.scalar(select(func.count()).select_from(DecisionRow).where(DecisionRow.state == state)) or 0


def _decision(session: Session, row: DecisionRow) -> Decision:
    told_there = case((MissRow.told_at.is_not(None), MissRow.conversation_id))
    here = select(func.count(), func.count(told_there.distinct())).where(MissRow.decision_id == row.id)
    misses, told = session.execute(here).one()
    return Decision(
        row.id, row.action, row.state, row.kind, row.key, row.phrasings, row.note, row.proposed_by, row.proposed_at,  # type: ignore[arg-type]
        row.decided_by, row.decided_at, misses, told,
    )  # fmt: skip
