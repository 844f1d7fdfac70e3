"""Removing conversations, inside a transaction that the caller opened. Everything in them goes by foreign key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from desk.retention.kept import EXPORTED
from desk.retention.tables import ForgettingRow, HoldRow
from desk.tables import Base, ConversationRow


def remove(session: Session, conversation_ids: Sequence[str], now: dt.datetime) -> None:
    """The rows, and a note that the bot must forget them too."""
    session.execute(delete(ConversationRow).where(ConversationRow.id.in_(conversation_ids)))
    for conversation_id in conversation_ids:
        session.merge(ForgettingRow(conversation_id=conversation_id, since=now))


def remove_unless_held(session: Session, conversation_id: str, now: dt.datetime) -> bool:
    """For the student: False, and the wish noted, while the conversation is on hold."""
    hold = session.get(HoldRow, conversation_id, with_for_update=True)
    if hold is not None:
        hold.wanted_at = hold.wanted_at or now
        return False
    remove(session, [conversation_id], now)
    return True


def also_kept(session: Session, conversation_id: str) -> dict[str, list[dict[str, Any]]]:
    """For the student's export: what else is kept of the conversation, by the name of the thing (``handoffs``, ``misses``)."""
    found = {}
    for name, columns in EXPORTED.items():
        if isinstance(columns, tuple):
            table = Base.metadata.tables[name]
            rows = session.execute(select(*(table.c[column] for column in columns)).where(table.c.conversation_id == conversation_id))
            found[name.removeprefix("desk_")] = [{key: _plain(value) for key, value in row._mapping.items()} for row in rows]
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value
