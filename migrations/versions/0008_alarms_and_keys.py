"""who was told of a crisis by e-mail, keys of further devices, an office's address"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("desk_offices", sa.Column("email", sa.String(length=254), nullable=True))
    op.create_index("ix_desk_handoffs_open", "desk_handoffs", ["ended_at", "urgency"])
    op.create_table(
        "desk_alarms",
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["desk_handoffs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("handoff_id", "address"),
    )
    op.create_table(
        "desk_keys",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["desk_conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_desk_keys_conversation_id", "desk_keys", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("desk_keys")
    op.drop_table("desk_alarms")
    op.drop_index("ix_desk_handoffs_open", table_name="desk_handoffs")
    op.drop_column("desk_offices", "email")
