"""Misses in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from desk.conversations.states import BOT_SPEAKS, State
from desk.conversations.store import Clock
from desk.errors import NotFound
from desk.learning.model import Miss, NewMiss
from desk.learning.noticing import GRAVITY
from desk.learning.tables import DecisionRow
from desk.tables import ConversationRow, HandOffRow, MessageRow, MissRow
from knowledge.store import Sessions

MOST = 2000
"""Open misses that are grouped at once, the newest."""


class MissStore:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self.writing, self.reading, self.clock = sessions.writing, sessions.reading, clock

    def keep(self, miss: NewMiss) -> None:
        """One row a question, to be read later: what is graver replaces what was known. A settled question is opened again only by a person."""
        with self.writing() as session:
            session.get(ConversationRow, miss.conversation_id, with_for_update=True)  # two processes may notice the same at once
            row = self._of_question(session, miss.conversation_id, miss.seq)
            if row is None:
                row = MissRow(
                    conversation_id=miss.conversation_id, seq=miss.seq, why=miss.why, text=miss.text, language=miss.language, at=self.clock()
                )
                session.add(row)
            elif row.decision_id is not None and miss.why not in ("marked", "not_helpful"):
                return
            row.decision_id, row.told_at = None, None
            row.why = min(row.why, miss.why, key=_gravity)
            row.noticed = miss.noticed
            row.entry_id, row.suggested = miss.entry_id or row.entry_id, miss.suggested or row.suggested
            row.danger = bool(row.danger or miss.danger)

    def unanswered_choices(self, since: dt.datetime, before: dt.datetime) -> list[tuple[str, int]]:
        """(conversation, message) of everybody who was asked back between these moments, has not written since, and is not in the inbox for it."""
        later, known = aliased(MessageRow), aliased(MissRow)
        wrote = select(later.seq).where(later.conversation_id == MessageRow.conversation_id, later.sender == "student", later.seq > MessageRow.seq)
        kept = select(known.id).where(known.conversation_id == MessageRow.conversation_id, known.noticed == MessageRow.seq)
        with self.reading() as session:
            found = session.execute(
                select(MessageRow.conversation_id, MessageRow.seq)
                .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
                .where(MessageRow.outcome == "clarify", MessageRow.created_at >= since, MessageRow.created_at < before)
                .where(ConversationRow.state == str(State.WITH_BOT), ~wrote.exists(), ~kept.exists())
                .limit(MOST)
            )
            return [(conversation_id, seq) for conversation_id, seq in found]

    def retract(self, conversation_id: str, seq: int, why: str) -> None:
        """It was no miss after all (a yes after a no); only if that was the only reason and nobody has settled it."""
        with self.writing() as session:
            here = (MissRow.conversation_id == conversation_id, MissRow.seq == seq, MissRow.why == why, MissRow.decision_id.is_(None))
            session.execute(delete(MissRow).where(*here))

    def repairs(self, conversation_id: str) -> frozenset[int]:
        """Messages that said “not that” instead of asking."""
        with self.reading() as session:
            found = session.execute(select(MissRow.noticed, MissRow.seq).where(MissRow.conversation_id == conversation_id))
            return frozenset(noticed for noticed, seq in found if noticed != seq)

    def open(self, why: str = "", language: str = "") -> list[Miss]:
        """Not settled, the oldest first."""
        with self.reading() as session:
            wanted = select(MissRow).where(MissRow.decision_id.is_(None))
            wanted = wanted.where(MissRow.why == why) if why else wanted
            wanted = wanted.where(MissRow.language == language) if language else wanted
            newest = session.scalars(wanted.order_by(MissRow.id.desc()).limit(MOST)).all()
            return [miss_of(row) for row in reversed(newest)]

    def get(self, miss_id: int) -> Miss:
        with self.reading() as session:
            row = session.get(MissRow, miss_id)
            if row is None:
                raise NotFound("This question is not in the inbox any more.")
            return miss_of(row)

    def of_decision(self, decision_id: int) -> list[Miss]:
        with self.reading() as session:
            return [miss_of(row) for row in session.scalars(select(MissRow).where(MissRow.decision_id == decision_id).order_by(MissRow.id))]

    def keep_readings(self, encoder: str, read: Sequence[tuple[int, str | None, str | None, np.ndarray]]) -> None:
        """(miss id, topic, nearest, vector), made now for misses of an older day or another encoder."""
        with self.writing() as session:
            for miss_id, topic, nearest, vector in read:
                values = {"topic": topic, "nearest": nearest, "encoder": encoder, "vector": vector.astype("<f2").tobytes()}
                session.execute(update(MissRow).where(MissRow.id == miss_id).values(**values))

    def unread(self, encoder: str, most: int = MOST) -> list[Miss]:
        """Open misses without a vector of this encoder."""
        with self.reading() as session:
            stale = (MissRow.encoder.is_(None)) | (MissRow.encoder != encoder)
            rows = session.scalars(select(MissRow).where(MissRow.decision_id.is_(None), stale).order_by(MissRow.id.desc()).limit(most))
            return [miss_of(row) for row in rows]

    def to_tell(self, since: dt.datetime) -> list[tuple[Miss, str]]:
        """Students to hear of a corrected answer, with their language: not told yet, still there, spoke lately, in no danger."""
        with self.reading() as session:
            answered = select(DecisionRow.id).where(DecisionRow.state == "live", DecisionRow.action.in_(("phrasing", "entry")))
            decisions = session.scalars(answered.where(DecisionRow.decided_at >= since)).all()
            if not decisions:  # nearly always; asked every second
                return []
            crisis = select(HandOffRow.conversation_id).where(HandOffRow.urgency == "crisis", HandOffRow.ended_at.is_(None))
            found = session.execute(
                select(MissRow, ConversationRow.language)
                .join(ConversationRow, ConversationRow.id == MissRow.conversation_id)
                .where(MissRow.decision_id.in_(decisions), MissRow.told_at.is_(None))
                .where(ConversationRow.state.in_([str(s) for s in BOT_SPEAKS]), ConversationRow.updated_at >= since)
                .where(ConversationRow.id.not_in(crisis))
                .order_by(MissRow.id)
            )
            return [(miss_of(row), language) for row, language in found]

    def claim_telling(self, miss: Miss) -> bool:
        """True for exactly one caller: that one tells the student. Other misses of the same decision there count as told, too."""
        with self.writing() as session:
            here = (MissRow.conversation_id == miss.conversation_id, MissRow.decision_id == miss.decision_id)
            told = session.scalar(select(func.count()).select_from(MissRow).where(*here, MissRow.told_at.is_not(None)))
            done = session.execute(update(MissRow).where(*here, MissRow.told_at.is_(None)).values(told_at=self.clock()))
            return bool(done.rowcount) and not told  # type: ignore[attr-defined]

    def release_telling(self, miss: Miss) -> None:
        """It could not be said just now: another round tries again."""
        with self.writing() as session:
            here = (MissRow.conversation_id == miss.conversation_id, MissRow.decision_id == miss.decision_id)
            session.execute(update(MissRow).where(*here).values(told_at=None))

    def _of_question(self, session: Session, conversation_id: str, seq: int) -> MissRow | None:
        return session.scalar(select(MissRow).where(MissRow.conversation_id == conversation_id, MissRow.seq == seq).limit(1))


def _gravity(why: str) -> int:
    return GRAVITY.index(why) if why in GRAVITY else len(GRAVITY)


def miss_of(row: MissRow) -> Miss:
    vector = None if row.vector is None else np.frombuffer(row.vector, "<f2").astype(np.float32)
    return Miss(
        row.id, row.conversation_id, row.seq, row.why, row.text, "es" if row.language == "es" else "en", row.at, row.topic, row.nearest, row.entry_id,
        row.suggested, row.danger, row.decision_id, vector,
    )  # fmt: skip
