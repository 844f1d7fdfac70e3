"""Who has been sent which week's e-mail."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from desk.tables import Base


class DigestRow(Base):
    """Claimed before the e-mail goes, so that it goes once. `due`: the moment from which this week's may be sent."""

    __tablename__ = "desk_digests"

    user_id: Mapped[int] = mapped_column(ForeignKey("desk_users.id", ondelete="CASCADE"), primary_key=True)
    due: Mapped[dt.datetime] = mapped_column(primary_key=True)
    sent_at: Mapped[dt.datetime]
