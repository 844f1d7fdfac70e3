"""Announcements, the present one and those before."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from desk.tables import Base


class AnnouncementRow(Base):
    """The newest counts. It ends by itself at `ends_at`, or sooner when somebody ended it."""

    __tablename__ = "desk_announcements"

    id: Mapped[int] = mapped_column(primary_key=True)
    text_en: Mapped[str] = mapped_column(String(1000))
    text_es: Mapped[str] = mapped_column(String(1000))
    pauses: Mapped[bool]
    by: Mapped[str] = mapped_column(String(200))
    begun_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
