"""Counting in SQL. Every function looks at [since, until) and gives small aggregates, never a message."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, Integer, case, cast, func, literal, select
from sqlalchemy.orm import Session

from desk.insight.model import KINDS, Counted, Misses, Span, Wait
from desk.insight.zones import shifts
from desk.tables import ConversationRow, FeedbackRow, HandOffRow, MessageRow, MissRow
from knowledge.store import Sessions

By = Literal["all", "language", "topic", "device", "county", "hour", "day", "week"]
NOT_QUESTIONS = ("small_talk", "form")


@dataclass(frozen=True)
class Helpful:
    """Answers rated in conversations of one language and county. `yes` of `said`, by `students`."""

    language: str
    county: str | None
    yes: int
    said: int
    students: int


class Counting:
    """`zone`: the office's, for days and hours."""

    def __init__(self, engine: Engine, zone: ZoneInfo) -> None:
        self.reading, self._zone, self._dialect = Sessions(engine).reading, zone, engine.dialect.name

    def questions(self, span: Span, by: By = "all") -> list[Counted]:
        """Questions and what became of them, by one thing; None where it is not known."""
        m, c = MessageRow, ConversationRow
        key = self._key(by, span)
        parts = [func.sum(case((m.outcome.in_(names), 1), else_=0)) for names in KINDS.values()]
        counted = select(key, func.count(), func.count(m.conversation_id.distinct()), *parts)
        if by in ("device", "county"):
            counted = counted.join(c, c.id == m.conversation_id)
        counted = counted.where(m.outcome.is_not(None), m.outcome.not_in(NOT_QUESTIONS), m.created_at >= span.since, m.created_at < span.until)
        if by != "all":
            counted = counted.group_by(key).order_by(key)
        with self.reading() as session:
            rows = session.execute(counted).all()
        return [Counted(None if row[0] is None else str(row[0]), row[1], row[2], tuple(int(n or 0) for n in row[3:])) for row in rows]

    def helpful(self, span: Span) -> list[Helpful]:
        f, c = FeedbackRow, ConversationRow
        yes = func.sum(case((f.helpful.is_(True), 1), else_=0))
        found = (
            select(c.language, c.county, yes, func.count(), func.count(f.conversation_id.distinct()))
            .join(c, c.id == f.conversation_id)
            .where(f.at >= span.since, f.at < span.until)
            .group_by(c.language, c.county)
        )
        with self.reading() as session:
            return [Helpful(language, county, int(yes or 0), said, students) for language, county, yes, said, students in session.execute(found)]

    def waits(self, span: Span) -> list[Wait]:
        """Every time a student waited for a person. Those still waiting count with no end."""
        h, c = HandOffRow, ConversationRow
        found = (
            select(c.language, c.county, h.conversation_id, h.reason, h.asked_at, h.taken_at)
            .join(c, c.id == h.conversation_id)
            .where(h.asked_at >= span.since, h.asked_at < span.until)
        )
        with self.reading() as session:
            rows = session.execute(found).all()
        return [Wait(r[0], r[1], r[2], r[3], (r[5] - r[4]).total_seconds() / 60 if r[5] else None) for r in rows]

    def rising(self, until: dt.datetime, days: int = 7) -> list[Misses]:
        """Students with a missed question by topic, in the last `days` and in as many before."""
        cut, first = until - dt.timedelta(days=days), until - dt.timedelta(days=2 * days)

        def students(session: Session, since: dt.datetime, before: dt.datetime) -> dict[str | None, int]:
            rows = select(MissRow.topic, func.count(MissRow.conversation_id.distinct())).where(MissRow.at >= since, MissRow.at < before)
            return {row[0]: row[1] for row in session.execute(rows.group_by(MissRow.topic))}

        with self.reading() as session:
            now, before = students(session, cut, until), students(session, first, cut)
        return [Misses(topic, before.get(topic, 0), now.get(topic, 0)) for topic in sorted({*now, *before}, key=str)]

    def keys(self, span: Span, by: By) -> list[str]:
        """Every day, or every Monday, of the span, as `questions` names them."""
        first, last = span.since.astimezone(self._zone).date(), (span.until - dt.timedelta(seconds=1)).astimezone(self._zone).date()
        step = 1 if by == "day" else 7
        first -= dt.timedelta(days=0 if by == "day" else first.weekday())
        return [(first + dt.timedelta(days=n)).isoformat() for n in range(0, (last - first).days + 1, step)]

    def _key(self, by: By, span: Span) -> ColumnElement[Any]:
        columns: dict[str, Any] = {
            "all": literal("all"), "language": MessageRow.language, "topic": MessageRow.topic, "device": ConversationRow.device, "county": ConversationRow.county,
        }  # fmt: skip
        if by in columns:
            found: ColumnElement[Any] = columns[by]
            return found
        local = self._local(MessageRow.created_at, span)
        if by == "hour":
            return cast(func.substr(local, 12, 2), Integer)
        day = func.substr(local, 1, 10)
        if by == "day":
            return day
        if self._dialect == "sqlite":  # the Monday of that week
            return func.date(day, "weekday 0", "-6 days")
        return func.to_char(func.date_trunc("week", func.to_date(day, "YYYY-MM-DD")), "YYYY-MM-DD")

    def _local(self, column: Any, span: Span) -> ColumnElement[Any]:
        """``2026-11-23 14``: day and hour on the office's clock, summer and winter."""
        if self._dialect != "sqlite":
            return func.to_char(func.timezone(self._zone.key, column), "YYYY-MM-DD HH24")
        changes = shifts(self._zone, span.since, span.until)
        shifted = [(column < until, func.strftime("%Y-%m-%d %H", column, f"{minutes:+d} minutes")) for until, minutes in changes]
        return case(*shifted[:-1], else_=shifted[-1][1]) if len(shifted) > 1 else shifted[0][1]
