"""Offices, presence, canned replies, notes and labels; how a waiting student can be reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_canned",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_es", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("title"),
    )
    op.create_table(
        "desk_offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "desk_presence",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["desk_users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "desk_labels",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["desk_conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "label"),
    )
    op.create_table(
        "desk_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["desk_users.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["conversation_id"], ["desk_conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("desk_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_notes_conversation_id"), ["conversation_id"], unique=False)

    with op.batch_alter_table("desk_handoffs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("office_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("contact", sa.String(length=254), nullable=True))
        batch_op.add_column(sa.Column("mailed_seq", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("student_seen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key("fk_desk_handoffs_office_id", "desk_offices", ["office_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    with op.batch_alter_table("desk_handoffs", schema=None) as batch_op:
        batch_op.drop_constraint("fk_desk_handoffs_office_id", type_="foreignkey")
        for column in ("student_seen_at", "mailed_seq", "contact", "office_id"):
            batch_op.drop_column(column)
    for table in ("desk_notes", "desk_labels", "desk_presence", "desk_offices", "desk_canned"):
        op.drop_table(table)
