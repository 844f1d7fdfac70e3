"""Tables around the staff: the seal of the audit log, and sign-ins that failed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.tables import Base


class AuditHeadRow(Base):
    """Where the audit chain ends, in one signed row, so that cutting off its newest rows shows too.

    `count` rows were written ever, the last with `hash`; `pruned` of them left by schedule, the last of those with `start`.
    """

    __tablename__ = "desk_audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    pruned: Mapped[int]
    start: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(64))


class SignInTryRow(Base):
    """One failed sign-in. `key` is a keyed digest of what it is counted by: no address of a person or a machine is kept."""

    __tablename__ = "desk_sign_in_tries"
    __table_args__ = (Index("ix_desk_sign_in_tries_key", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime] = mapped_column(index=True)
