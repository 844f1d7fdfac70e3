"""Legal holds, and deleted conversations that Rasa has not confirmed to have forgotten yet."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.tables import Base


class HoldRow(Base):
    """A conversation that must not be deleted, by schedule or by the student. `wanted_at`: the student asked to; done on release."""

    __tablename__ = "desk_holds"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[dt.datetime]
    wanted_at: Mapped[dt.datetime | None]


class ForgettingRow(Base):
    """The id of a deleted conversation, kept only until Rasa has confirmed that it forgot it."""

    __tablename__ = "desk_forgetting"

    conversation_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[dt.datetime]
