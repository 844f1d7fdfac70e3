"""Hand-offs and the advisors' queue in SQL. Each function works in a session its caller opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from desk.conversations.states import State
from desk.tables import ConversationRow, HandOffRow, MessageRow, OfficeRow, UserRow
from knowledge.replies import HandOff

URGENCY = {"crisis": 0, "high": 1, "normal": 2}
"""Smaller comes first in the queue."""


@dataclass(frozen=True)
class Ending:
    """How a hand-off left an advisor: with an `outcome`, or passed on to an office; empty says it by the new state alone."""

    outcome: str = ""
    office_id: int | None = None


def note_move(
    session: Session, conversation_id: str, old: State, new: State, owner_id: int | None, asked: HandOff | None, now: dt.datetime, ending: Ending
) -> None:
    """Keep the record of the hand-off in step with the conversation's new state."""
    current = open_one(session, conversation_id)
    if new in (State.WITH_BOT, State.CLOSED):
        if current:
            current.ended_at, current.outcome = now, ending.outcome or ("returned" if new is State.WITH_BOT else "closed")
        return
    if current is None and old is State.CLOSED:
        current = _opened_again(session, conversation_id)
    if current is None:
        asked = asked or HandOff(reason="topic")
        current = HandOffRow(conversation_id=conversation_id, reason=asked.reason, urgency=asked.urgency, asked_at=now)
        session.add(current)
    if new is State.WITH_ADVISOR:
        current.taken_by, current.taken_at = owner_id, current.taken_at or now
    elif ending.office_id:
        current.office_id = ending.office_id


def _opened_again(session: Session, conversation_id: str) -> HandOffRow | None:
    """The hand-off that closing ended goes on: its reason and urgency, and the address for the reply if it is still kept."""
    last = select(HandOffRow).where(HandOffRow.conversation_id == conversation_id).order_by(HandOffRow.id.desc()).limit(1)
    row = session.scalar(last)
    if row is None or row.outcome == "returned":
        return None
    row.ended_at = row.outcome = None
    return row


def raise_urgency(session: Session, conversation_id: str, asked: HandOff) -> None:
    """Urgency only rises: a complaint after a crisis message does not make the crisis smaller."""
    current = open_one(session, conversation_id)
    if current and URGENCY[asked.urgency] < URGENCY[current.urgency]:
        current.urgency, current.reason = asked.urgency, asked.reason


def name_of(session: Session, user_id: int | None) -> str | None:
    return None if user_id is None else session.scalar(select(UserRow.name).where(UserRow.id == user_id))


def queue(session: Session) -> list[dict[str, Any]]:
    """Open conversations that concern advisors: who waits before who is looked after, crisis first, then longest waiting."""
    rows = session.execute(
        select(ConversationRow, HandOffRow, UserRow.name, MessageRow.text, OfficeRow.name)
        .outerjoin(HandOffRow, (HandOffRow.conversation_id == ConversationRow.id) & HandOffRow.ended_at.is_(None))
        .outerjoin(UserRow, UserRow.id == ConversationRow.owner_id)
        .outerjoin(OfficeRow, OfficeRow.id == HandOffRow.office_id)
        .outerjoin(MessageRow, _last_words())
        .where(ConversationRow.state.in_([State.WAITING, State.WITH_ADVISOR]))
    )
    items = [
        {
            "id": c.id, "state": c.state, "language": c.language, "owner_id": c.owner_id, "owner": name, "updated_at": c.updated_at,
            "reason": h.reason if h else "topic", "urgency": h.urgency if h else "normal", "asked_at": h.asked_at if h else c.updated_at,
            "last": text or "", "last_seq": c.last_seq, "office_id": h.office_id if h else None, "office": office,
            "student_seen_at": h.student_seen_at if h else None, "by_email": bool(h and h.contact),
        }
        for c, h, name, text, office in rows
    ]  # fmt: skip
    return sorted(items, key=lambda i: (i["state"] != State.WAITING, URGENCY[i["urgency"]], i["asked_at"]))


def recent(session: Session, limit: int) -> list[dict[str, Any]]:
    """Conversations a student wrote in, newest first, with how the last hand-off ended."""
    newest = select(func.max(HandOffRow.id)).where(HandOffRow.conversation_id == ConversationRow.id).correlate(ConversationRow).scalar_subquery()
    rows = session.execute(
        select(ConversationRow, MessageRow.text, HandOffRow.outcome)
        .join(MessageRow, _last_words())
        .outerjoin(HandOffRow, HandOffRow.id == newest)
        .order_by(ConversationRow.updated_at.desc())
        .limit(limit)
    )
    return [
        {"id": c.id, "state": c.state, "language": c.language, "updated_at": c.updated_at, "last": text, "last_seq": c.last_seq, "outcome": outcome}
        for c, text, outcome in rows
    ]


def _last_words() -> ColumnElement[bool]:
    """Joins the student's last message to its conversation."""
    of_student = (MessageRow.conversation_id == ConversationRow.id, MessageRow.sender == "student")
    last = select(func.max(MessageRow.seq)).where(*of_student).correlate(ConversationRow).scalar_subquery()
    return (MessageRow.conversation_id == ConversationRow.id) & (MessageRow.seq == last)


def open_one(session: Session, conversation_id: str) -> HandOffRow | None:
    open_ones = (HandOffRow.conversation_id == conversation_id, HandOffRow.ended_at.is_(None))
    return session.scalar(select(HandOffRow).where(*open_ones).order_by(HandOffRow.id.desc()).limit(1))
