"""the audit log's signed end, failed sign-ins, idle sessions, passwords that must be changed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("pruned", sa.Integer(), nullable=False),
        sa.Column("start", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "desk_sign_in_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_desk_sign_in_tries_key", "desk_sign_in_tries", ["key", "at"])
    op.create_index("ix_desk_sign_in_tries_at", "desk_sign_in_tries", ["at"])
    with op.batch_alter_table("desk_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("desk_users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("temporary_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("desk_users", schema=None) as batch_op:
        batch_op.drop_column("temporary_until")
    with op.batch_alter_table("desk_sessions", schema=None) as batch_op:
        batch_op.drop_column("acted_at")
    op.drop_index("ix_desk_sign_in_tries_at", "desk_sign_in_tries")
    op.drop_index("ix_desk_sign_in_tries_key", "desk_sign_in_tries")
    op.drop_table("desk_sign_in_tries")
    op.drop_table("desk_audit_head")
