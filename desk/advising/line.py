"""The line of waiting students in SQL: its order, how long it took lately, how each student can be reached."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, func, select, update

from desk.conversations.hand_off_store import URGENCY, open_one, raise_urgency
from desk.conversations.states import State
from desk.conversations.store import Clock
from desk.errors import Conflict
from desk.tables import ConversationRow, HandOffRow, MessageRow, OfficeRow
from knowledge.replies import HandOff
from knowledge.store import Sessions

Wait = tuple[dt.datetime, dt.datetime]
"""When a person was asked for, and when one came."""


@dataclass(frozen=True)
class Request:
    """An open hand-off. `hours` of its office, empty for those of the whole desk."""

    reason: str
    urgency: str
    asked_at: dt.datetime
    contact: str | None
    student_seen_at: dt.datetime | None
    office: str | None
    hours: str


@dataclass(frozen=True)
class Quiet:
    """A conversation that concerns advisors in which nobody has written since `since`."""

    conversation_id: str
    state: State
    urgency: str
    since: dt.datetime
    owner_id: int | None


class Line:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading, self._clock = sessions.writing, sessions.reading, clock

    def order(self) -> list[tuple[str, str]]:
        """Who waits, first in line first: ``(conversation id, urgency)``."""
        with self._reading() as session:
            rows = session.execute(
                select(ConversationRow.id, HandOffRow.urgency, HandOffRow.asked_at)
                .join(HandOffRow, (HandOffRow.conversation_id == ConversationRow.id) & HandOffRow.ended_at.is_(None))
                .where(ConversationRow.state == State.WAITING)
            ).all()
        return [(found, urgency) for found, urgency, _ in sorted(rows, key=lambda row: (URGENCY[row[1]], row[2]))]

    def recent_waits(self, since: dt.datetime, most: int = 30) -> list[Wait]:
        """The last hand-offs an advisor took, newest first."""
        with self._reading() as session:
            rows = session.execute(
                select(HandOffRow.asked_at, HandOffRow.taken_at).where(HandOffRow.taken_at >= since).order_by(HandOffRow.taken_at.desc()).limit(most)
            )
            return [(asked, taken) for asked, taken in rows if taken is not None]

    def request(self, conversation_id: str) -> Request | None:
        """The open hand-off of a conversation."""
        with self._reading() as session:
            row = open_one(session, conversation_id)
            if row is None:
                return None
            office = session.get(OfficeRow, row.office_id) if row.office_id else None
            return Request(
                row.reason,
                row.urgency,
                row.asked_at,
                row.contact,
                row.student_seen_at,
                office.name if office else None,
                office.hours if office else "",
            )

    def raise_urgency(self, conversation_id: str, asked: HandOff) -> None:
        """A conversation became more urgent (a crisis message while with an advisor); it never becomes less so."""
        with self._writing() as session:
            raise_urgency(session, conversation_id, asked)

    def last_sender(self, conversation_id: str) -> str | None:
        """Who wrote last, notices aside."""
        with self._reading() as session:
            last = select(MessageRow.sender).where(MessageRow.conversation_id == conversation_id, MessageRow.sender != "system")
            return session.scalar(last.order_by(MessageRow.seq.desc()).limit(1))

    def keep_contact(self, conversation_id: str, address: str | None) -> None:
        """Keep, or with None forget, how the student can be reached. Raises Conflict when no person was asked for."""
        with self._writing() as session:
            row = open_one(session, conversation_id)
            if row is None:
                raise Conflict("Ask for a person first. An address is kept only for a person's reply.")
            row.contact = address

    def student_is_here(self, conversation_id: str) -> None:
        """The student has the chat open now; noted at the newest hand-off, if there ever was one."""
        with self._writing() as session:
            newest = select(func.max(HandOffRow.id)).where(HandOffRow.conversation_id == conversation_id).scalar_subquery()
            session.execute(update(HandOffRow).where(HandOffRow.id == newest).values(student_seen_at=self._clock()))

    def quiet(self) -> list[Quiet]:
        """Every conversation that waits or is with an advisor, longest silent first."""
        with self._reading() as session:
            rows = session.execute(
                select(ConversationRow, func.coalesce(HandOffRow.urgency, "normal"))
                .outerjoin(HandOffRow, (HandOffRow.conversation_id == ConversationRow.id) & HandOffRow.ended_at.is_(None))
                .where(ConversationRow.state.in_([State.WAITING, State.WITH_ADVISOR]))
                .order_by(ConversationRow.updated_at)
            )
            return [Quiet(c.id, State(c.state), urgency, c.updated_at, c.owner_id) for c, urgency in rows]
