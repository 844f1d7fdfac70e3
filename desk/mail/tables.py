"""The outbox."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.tables import Base


class OutboxRow(Base):
    """One e-mail that is to go, is going, has gone, or was given up. It says what it is about, never what it says.

    `kind` and `key`: what, in words of whoever put it there (desk/mail/outbox.py, Writer). `address`: to whom; empty where the
    address is kept elsewhere, as a student's is, with the request and nowhere else. `due`: not before this moment.
    `claimed_until`: a desk is sending it, or died doing so and another may from then on. `tries`: how often it was begun.
    `conversation_id`: it goes with the conversation.
    """

    __tablename__ = "desk_outbox"
    __table_args__ = (UniqueConstraint("kind", "key", "address"), Index("ix_desk_outbox_due", "sent_at", "given_up_at", "kind", "due"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(254), default="")
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), index=True)
    due: Mapped[dt.datetime]
    claimed_until: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[dt.datetime | None]
    given_up_at: Mapped[dt.datetime | None]
