"""The tables of learning: what staff decided about missed questions, and their marks on answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desk.tables import Base


class DecisionRow(Base):
    """One action on a group of misses.

    `action`: phrasing, entry, out_of_scope or dismiss. `state`: proposed → live | declined; live → undone; dismissed → undone.
    `kind`, `key`: the document it adds to. `phrasings`: ``{en: […], es: […]}``, the lines that were added.
    """

    __tablename__ = "desk_decisions"
    __table_args__ = (Index("ix_desk_decisions_state", "state", "proposed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20), default="")
    key: Mapped[str] = mapped_column(String(120), default="")
    phrasings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    proposed_by: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[dt.datetime]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[dt.datetime | None]


class MarkRow(Base):
    """What one member of staff thinks of one answer: right, wrong or incomplete. `should_be`: the entry that answers it."""

    __tablename__ = "desk_marks"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("desk_users.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(12))
    should_be: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[dt.datetime]
