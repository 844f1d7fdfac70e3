"""legal holds, what Rasa must forget, announcements; a missed question goes with its conversation"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAMING = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}
"""SQLite keeps no name of a foreign key; this gives it the one PostgreSQL gives."""


def upgrade() -> None:
    op.create_table(
        "desk_holds",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["desk_conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    op.create_table(
        "desk_forgetting",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    op.create_table(
        "desk_announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_en", sa.String(length=1000), nullable=False),
        sa.Column("text_es", sa.String(length=1000), nullable=False),
        sa.Column("pauses", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    _misses_on_delete("CASCADE")


def downgrade() -> None:
    _misses_on_delete("SET NULL")
    op.drop_table("desk_announcements")
    op.drop_table("desk_forgetting")
    op.drop_table("desk_holds")


def _misses_on_delete(what: str) -> None:
    name = "desk_misses_conversation_id_fkey"
    with op.batch_alter_table("desk_misses", naming_convention=NAMING) as batch_op:
        batch_op.drop_constraint(name, type_="foreignkey")
        batch_op.create_foreign_key(name, "desk_conversations", ["conversation_id"], ["id"], ondelete=what)
