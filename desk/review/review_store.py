"""Conversations to review, and marks, in SQL."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from desk.conversations.states import State
from desk.conversations.store import Clock
from desk.errors import NotFound
from desk.learning.tables import MarkRow
from desk.review.model import LOW_SCORE, Found, Mark, Verdict, Wanted
from desk.tables import ConversationRow, FeedbackRow, HandOffRow, MessageRow, UserRow
from knowledge.store import Sessions

LOOP = 2


class ReviewStore:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self.writing, self.reading, self.clock = sessions.writing, sessions.reading, clock

    def find(self, wanted: Wanted, first: int = 0, most: int = 30) -> tuple[list[Found], int]:
        """One page of what fits, and how many fit (or were drawn)."""
        with self.reading() as session:
            fitting = _fitting(wanted)
            if wanted.sample:
                drawn = _drawn(list(session.scalars(fitting)), wanted.day)[: wanted.sample]
                return _read(session, drawn[first : first + most]), len(drawn)
            count = session.scalar(select(func.count()).select_from(fitting.subquery())) or 0
            ids = session.scalars(fitting.order_by(ConversationRow.updated_at.desc(), ConversationRow.id).offset(first).limit(most))
            return _read(session, list(ids)), count

    def mark(self, conversation_id: str, seq: int, user_id: int, verdict: Verdict, should_be: str | None, note: str) -> None:
        """One mark a person and answer; the last one counts. NotFound if there is no such answer of the program."""
        with self.writing() as session:
            message = session.get(MessageRow, (conversation_id, seq))
            if message is None or message.sender != "bot":
                raise NotFound("There is no answer of the program with this number in this conversation.")
            session.merge(
                MarkRow(conversation_id=conversation_id, seq=seq, user_id=user_id, verdict=verdict, should_be=should_be, note=note, at=self.clock())
            )

    def marks(self, conversation_id: str) -> dict[int, list[Mark]]:
        """By the answer they are about."""
        with self.reading() as session:
            rows = session.execute(
                select(MarkRow, UserRow.name).join(UserRow, UserRow.id == MarkRow.user_id).where(MarkRow.conversation_id == conversation_id).order_by(MarkRow.at)
            )  # fmt: skip
            found: dict[int, list[Mark]] = defaultdict(list)
            for row, name in rows:
                found[row.seq].append(Mark(row.seq, name, row.user_id, row.verdict, row.should_be, row.note, row.at))  # type: ignore[arg-type]
            return dict(found)


def _fitting(wanted: Wanted) -> Select[str]:
    """Ids of the conversations somebody wrote in that pass every filter."""
    c = ConversationRow
    found = select(c.id).where(c.last_seq > 1, c.updated_at >= wanted.since, c.updated_at < wanted.until)
    # Sets of ids, made once, and not a question asked of every conversation: the planner takes a bad index for those.
    asked = select(MessageRow.conversation_id).where(MessageRow.outcome.is_not(None))
    for given, column in ((wanted.state, c.state), (wanted.language, c.language)):
        found = found.where(column == given) if given else found
    if wanted.topic:
        found = found.where(c.id.in_(asked.where(MessageRow.topic == wanted.topic)))
    if wanted.low:
        found = found.where(c.id.in_(asked.where(MessageRow.outcome == "answered", MessageRow.score < LOW_SCORE)))
    if wanted.loops:
        clarified = asked.where(MessageRow.outcome == "clarify").group_by(MessageRow.conversation_id).having(func.count() >= LOOP)
        found = found.where(c.id.in_(clarified))
    if wanted.reason:
        found = found.where(c.id.in_(select(HandOffRow.conversation_id).where(HandOffRow.reason == wanted.reason)))
    if wanted.unhelpful:
        found = found.where(c.id.in_(select(FeedbackRow.conversation_id).where(FeedbackRow.helpful.is_(False))))
    if wanted.unmarked:
        found = found.where(c.id.not_in(select(MarkRow.conversation_id)))
    return found


def _drawn(ids: Sequence[str], day: str) -> list[str]:
    """In an order that only the day decides: who draws again on the same day gets the same, also when others came in between."""
    return sorted(ids, key=lambda conversation: hashlib.blake2s(f"{day} {conversation}".encode(), digest_size=8).digest())


def _read(session: Session, ids: Sequence[str]) -> list[Found]:
    rows = {row.id: row for row in session.scalars(select(ConversationRow).where(ConversationRow.id.in_(ids)))}
    m = MessageRow
    asked: dict[str, list[Any]] = defaultdict(list)
    for line in session.execute(
        select(m.conversation_id, m.text, m.outcome, m.topic, m.score).where(m.conversation_id.in_(ids), m.sender == "student").order_by(m.conversation_id, m.seq)
    ):  # fmt: skip
        asked[line[0]].append(line)
    reasons = _grouped(
        session, select(HandOffRow.conversation_id, HandOffRow.reason).where(HandOffRow.conversation_id.in_(ids)).order_by(HandOffRow.id)
    )
    unhelpful = _grouped(
        session, select(FeedbackRow.conversation_id, FeedbackRow.seq).where(FeedbackRow.conversation_id.in_(ids), FeedbackRow.helpful.is_(False))
    )
    marks = _grouped(session, select(MarkRow.conversation_id, MarkRow.verdict).where(MarkRow.conversation_id.in_(ids)))
    return [_found(rows[i], asked[i], reasons[i], len(unhelpful[i]), marks[i]) for i in ids if i in rows]


def _found(row: ConversationRow, asked: list[Any], reasons: list[Any], unhelpful: int, marks: list[Any]) -> Found:
    outcomes = Counter(line.outcome for line in asked if line.outcome)
    scores = [line.score for line in asked if line.score is not None and line.outcome == "answered"]
    topics = tuple(dict.fromkeys(line.topic for line in asked if line.topic))
    return Found(
        row.id, State(row.state), "es" if row.language == "es" else "en", row.updated_at, asked[0].text if asked else "", dict(outcomes), topics,
        tuple(dict.fromkeys(reasons)), unhelpful, min(scores, default=None), dict(Counter(marks)),
    )  # fmt: skip


def _grouped(session: Session, pairs: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for conversation_id, value in session.execute(pairs):
        found[conversation_id].append(value)
    return found
