"""Crises that are open, in SQL."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, select

from desk.tables import ConversationRow, HandOffRow
from knowledge.store import Sessions


@dataclass(frozen=True)
class Crisis:
    """An open hand-off of somebody who may be in danger. `owner_id`: the advisor who has it, if one has."""

    hand_off_id: int
    conversation_id: str
    owner_id: int | None


class AlarmStore:
    def __init__(self, engine: Engine) -> None:
        self._reading = Sessions(engine).reading

    def open_crises(self) -> list[Crisis]:
        with self._reading() as session:
            rows = session.execute(
                select(HandOffRow.id, HandOffRow.conversation_id, ConversationRow.owner_id)
                .join(ConversationRow, ConversationRow.id == HandOffRow.conversation_id)
                .where(HandOffRow.ended_at.is_(None), HandOffRow.urgency == "crisis")
                .order_by(HandOffRow.id)
            )
            return [Crisis(*row) for row in rows]
