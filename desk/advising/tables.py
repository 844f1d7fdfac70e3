"""Tables of the advisors' work: presence, canned replies, notes, labels."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desk.tables import Base


class PresenceRow(Base):
    """When a member of staff last had a page of the desk open, and whether they take conversations now."""

    __tablename__ = "desk_presence"

    user_id: Mapped[int] = mapped_column(ForeignKey("desk_users.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[dt.datetime]
    available: Mapped[bool] = mapped_column(default=True)


class CannedRow(Base):
    """A reply kept ready in both languages."""

    __tablename__ = "desk_canned"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80), unique=True)
    text_en: Mapped[str] = mapped_column(Text)
    text_es: Mapped[str] = mapped_column(Text)


class NoteRow(Base):
    """What advisors tell each other about a conversation. Never shown to the student, in no export."""

    __tablename__ = "desk_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("desk_users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]


class LabelRow(Base):
    """A word advisors put on a conversation to find it again."""

    __tablename__ = "desk_labels"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(String(40), primary_key=True)
