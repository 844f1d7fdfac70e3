"""The desk's tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[dt.datetime]):
    """A point in time, always UTC. SQLite forgets the zone; this gives it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        return None if value is None else (value if value.tzinfo else value.replace(tzinfo=dt.UTC))


class Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSON, list[dict[str, Any]]: JSON, dt.datetime: Moment}


class UserRow(Base):
    """An advisor, editor or admin."""

    __tablename__ = "desk_users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime]
    temporary_until: Mapped[dt.datetime | None]
    """Set while the password is one that somebody else made: until then it opens the door, and must be changed."""


class SessionRow(Base):
    """A signed-in browser. Only a digest of the cookie is kept."""

    __tablename__ = "desk_sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("desk_users.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    acted_at: Mapped[dt.datetime | None]
    """When the person last opened a page or sent a form."""


class ConversationRow(Base):
    """One student's conversation. `memory`: what the turn before left for the next (topic, clarify offered, misses).

    `claimed_by`: the desk process that answers in it just now (conversations/claims.py).
    `device`: phone, desktop or other, never more than that. `county`: where the student said they are, for counting.
    """

    __tablename__ = "desk_conversations"
    __table_args__ = (Index("ix_desk_conversations_state", "state", "updated_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("desk_users.id"))
    last_seq: Mapped[int] = mapped_column(default=0)
    memory: Mapped[dict[str, Any]] = mapped_column(default=dict)
    device: Mapped[str | None] = mapped_column(String(10))
    county: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    claimed_until: Mapped[dt.datetime | None]


class KeyRow(Base):
    """Opens a conversation on one more device: made when the student follows the link of an e-mail. Only a digest is kept."""

    __tablename__ = "desk_keys"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[dt.datetime]


class MessageRow(Base):
    """One message. `seq` counts from 1 within the conversation; a retry with the same `client_id` is the same message.

    `pending`: a student's message that nobody has dealt with yet; found again after a crash. `outcome`, `topic`, `entry_id`
    and `score` stand on a student's message and say what became of it, so that it can be counted without reading replies.
    """

    __tablename__ = "desk_messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        Index("ix_desk_messages_pending", "pending", "created_at"),
        Index("ix_desk_messages_outcome", "outcome", "created_at"),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    client_id: Mapped[str | None] = mapped_column(String(80))
    sender: Mapped[str] = mapped_column(String(10))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("desk_users.id"))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    choice_id: Mapped[str | None] = mapped_column(String(200))
    choices: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    answer: Mapped[dict[str, Any] | None]
    provenance: Mapped[dict[str, Any] | None]
    pending: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str | None] = mapped_column(String(20))
    topic: Mapped[str | None] = mapped_column(String(60))
    entry_id: Mapped[str | None] = mapped_column(String(120))
    score: Mapped[float | None]
    created_at: Mapped[dt.datetime]


class OfficeRow(Base):
    """A group of advisors a conversation can be passed to. `hours` as in OFFICE_HOURS; empty for those of the whole desk.

    `email`: who is told of a crisis in those hours while nobody is on duty (desk/advising/alarms.py).
    """

    __tablename__ = "desk_offices"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    hours: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str | None] = mapped_column(String(254))


class HandOffRow(Base):
    """One time a conversation asked for a person, from asking to its end.

    `contact`: an e-mail address the student left for the reply, gone soon after the end. `mailed_seq`: messages up to this one
    need no e-mail. `student_seen_at`: when the student last had the chat open.
    """

    __tablename__ = "desk_handoffs"
    __table_args__ = (Index("ix_desk_handoffs_open", "ended_at", "urgency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    urgency: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[dt.datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("desk_users.id"))
    taken_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(40))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("desk_offices.id", ondelete="SET NULL"))
    contact: Mapped[str | None] = mapped_column(String(254))
    mailed_seq: Mapped[int] = mapped_column(default=0)
    student_seen_at: Mapped[dt.datetime | None]


class FeedbackRow(Base):
    """A student's yes or no to one answer; the last one counts."""

    __tablename__ = "desk_feedback"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    helpful: Mapped[bool]
    comment: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[dt.datetime]


class MissRow(Base):
    """A question we did not answer well, for the editors' review: one row a question, with the gravest reason seen.

    `seq`: the question; `noticed`: the message at which we saw that it was missed. `entry_id`: what was answered instead,
    `suggested`: what an advisor says should have been. `nearest`: what the matcher
    thinks of first (an entry's id, or kind:id), `topic`: its topic. `vector`: float16, little-endian,
    made by `encoder`; it goes when the row goes. `decision_id`: how it was settled (desk/learning/tables.py); `told_at`:
    when the student heard of the corrected answer.
    """

    __tablename__ = "desk_misses"
    __table_args__ = (Index("ix_desk_misses_decision", "decision_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("desk_conversations.id", ondelete="CASCADE"), index=True)
    seq: Mapped[int]
    noticed: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    topic: Mapped[str | None] = mapped_column(String(60))
    nearest: Mapped[str | None] = mapped_column(String(130))
    entry_id: Mapped[str | None] = mapped_column(String(120))
    suggested: Mapped[str | None] = mapped_column(String(120))
    danger: Mapped[bool] = mapped_column(default=False)
    encoder: Mapped[str | None] = mapped_column(String(40))
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    decision_id: Mapped[int | None]
    told_at: Mapped[dt.datetime | None]
    at: Mapped[dt.datetime]


class AuditRow(Base):
    """What staff did. Each row's hash covers the row before it, so a changed or missing row shows."""

    __tablename__ = "desk_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
