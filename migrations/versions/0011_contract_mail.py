"""the tables of e-mails before there was one outbox; no released version reads them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("desk_digests")
    op.drop_table("desk_alarms")


def downgrade() -> None:
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
        "desk_digests",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["desk_users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "due"),
    )
