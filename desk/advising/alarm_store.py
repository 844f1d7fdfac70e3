"""Crises that are open, and which addresses were told of each, in SQL. An address is told by one desk process."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError

from desk.advising.tables import AlarmRow
from desk.conversations.store import Clock
from desk.tables import ConversationRow, HandOffRow
from knowledge.store import Sessions

DIED_AFTER = dt.timedelta(seconds=60)
"""A desk that has not sent by then died meanwhile; rather one e-mail too many than none."""


@dataclass(frozen=True)
class Crisis:
    """An open hand-off of somebody who may be in danger. `owner_id`: the advisor who has it, if one has."""

    hand_off_id: int
    conversation_id: str
    owner_id: int | None


class AlarmStore:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading, self._clock = sessions.writing, sessions.reading, clock

    def open_crises(self) -> list[Crisis]:
        with self._reading() as session:
            rows = session.execute(
                select(HandOffRow.id, HandOffRow.conversation_id, ConversationRow.owner_id)
                .join(ConversationRow, ConversationRow.id == HandOffRow.conversation_id)
                .where(HandOffRow.ended_at.is_(None), HandOffRow.urgency == "crisis")
                .order_by(HandOffRow.id)
            )
            return [Crisis(*row) for row in rows]

    def told(self, hand_off_id: int) -> dict[str, dt.datetime]:
        """The addresses an e-mail has gone to, and when."""
        with self._reading() as session:
            sent = select(AlarmRow).where(AlarmRow.handoff_id == hand_off_id, AlarmRow.sent_at.is_not(None)).order_by(AlarmRow.address)
            return {row.address: row.sent_at for row in session.scalars(sent) if row.sent_at}

    def told_of(self, conversation_id: str) -> dict[str, dt.datetime]:
        """The same for the open crisis of a conversation; empty without one."""
        found = next((crisis for crisis in self.open_crises() if crisis.conversation_id == conversation_id), None)
        return self.told(found.hand_off_id) if found else {}

    def claim(self, hand_off_id: int, address: str) -> bool:
        """True for the one caller that is to send it."""
        now = self._clock()
        try:
            with self._writing() as session:
                session.add(AlarmRow(handoff_id=hand_off_id, address=address, claimed_at=now, sent_at=None))
        except IntegrityError:  # somebody has it, or the student deleted the conversation meanwhile
            return self._take_over(hand_off_id, address, now)
        return True

    def _take_over(self, hand_off_id: int, address: str, now: dt.datetime) -> bool:
        with self._writing() as session:
            abandoned = (AlarmRow.sent_at.is_(None), AlarmRow.claimed_at < now - DIED_AFTER)
            its = (AlarmRow.handoff_id == hand_off_id, AlarmRow.address == address)
            return bool(session.execute(update(AlarmRow).where(*its, *abandoned).values(claimed_at=now)).rowcount)  # type: ignore[attr-defined]

    def sent(self, hand_off_id: int, address: str) -> None:
        with self._writing() as session:
            its = (AlarmRow.handoff_id == hand_off_id, AlarmRow.address == address)
            session.execute(update(AlarmRow).where(*its).values(sent_at=self._clock()))

    def give_back(self, hand_off_id: int, address: str) -> None:
        """It did not get away; another round tries again."""
        with self._writing() as session:
            session.execute(delete(AlarmRow).where(AlarmRow.handoff_id == hand_off_id, AlarmRow.address == address, AlarmRow.sent_at.is_(None)))
