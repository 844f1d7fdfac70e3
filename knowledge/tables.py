"""The tables of knowledge. Every kind of knowledge is a validated document; one mechanism keeps them all.

See docs/decisions/0007 for why there is one table of documents and not one table a kind.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, DateTime, Index, LargeBinary, String, Text, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSON(none_as_null=True), dt.datetime: DateTime(timezone=True)}


class DocumentRow(Base):
    """One document as it is published now, and the draft of its next text if somebody is writing one.

    `shipped`: digest of the content file's text last loaded into this row; None for documents made at the desk.
    `edited`: the published text was last changed at the desk, so a load must not overwrite it.
    `drafted_by`: who last changed the draft; `submitted_by`: who sent it for review. Both None without a draft.
    """

    __tablename__ = "knowledge_documents"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    body: Mapped[dict[str, Any] | None]
    draft: Mapped[dict[str, Any] | None]
    digest: Mapped[str] = mapped_column(String(32))
    revision: Mapped[int]
    shipped: Mapped[str | None] = mapped_column(String(32))
    edited: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    drafted_by: Mapped[str | None] = mapped_column(String(200))
    submitted_by: Mapped[str | None] = mapped_column(String(200))


class RevisionRow(Base):
    """What a document was, who changed it, when and why. Never changed afterwards."""

    __tablename__ = "knowledge_revisions"
    __table_args__ = (Index("ix_knowledge_revisions_document", "kind", "key", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120))
    revision: Mapped[int]
    action: Mapped[str] = mapped_column(String(12))
    body: Mapped[dict[str, Any] | None]
    author: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class VectorRow(Base):
    """A sentence's vector, so that a text is encoded once in its life. float16, little-endian."""

    __tablename__ = "knowledge_vectors"

    encoder: Mapped[str] = mapped_column(String(40), primary_key=True)
    text_digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class RegressionRow(Base):
    """A question with the target it must go on leading to. `digest`: of language and question, case and marks aside.

    `target` is empty where a pair, a shipped one too, was taken back.
    """

    __tablename__ = "knowledge_regression"

    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    target: Mapped[str] = mapped_column(String(130))
    author: Mapped[str] = mapped_column(String(200))
    at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class MetaRow(Base):
    """Small facts about the whole: `version` is a digest of everything published."""

    __tablename__ = "knowledge_meta"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


def insert_if_new(session: Session, table: type[DeclarativeBase]) -> sqlite.Insert | postgresql.Insert:
    """An insert that leaves out rows which are there already."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing()
