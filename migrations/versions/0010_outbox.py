"""one outbox for every e-mail, with what was sent and what was being sent"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "desk_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("given_up_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["desk_conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "key", "address"),
    )
    op.create_index("ix_desk_outbox_due", "desk_outbox", ["sent_at", "given_up_at", "kind", "due"])
    op.create_index("ix_desk_outbox_conversation_id", "desk_outbox", ["conversation_id"])
    _carry_over(op.get_bind())


def _carry_over(connection: sa.Connection) -> None:
    """Who was told of a crisis or got a week's e-mail is not told again; what a desk was just sending is sent.

    Replies to students stay where they were: the mark of their hand-off says which have still to go.
    """
    known = sa.MetaData()
    old = {name: sa.Table(name, known, autoload_with=connection) for name in ("desk_alarms", "desk_digests", "desk_handoffs", "desk_users")}
    outbox = sa.Table("desk_outbox", known, autoload_with=connection)
    alarms, digests, hand_offs, users = old.values()
    alarm = sa.select(
        sa.literal("crisis"), sa.cast(alarms.c.handoff_id, sa.String(80)), alarms.c.address, hand_offs.c.conversation_id,
        alarms.c.claimed_at, sa.literal(1), alarms.c.sent_at,
    ).join(hand_offs, hand_offs.c.id == alarms.c.handoff_id)  # fmt: skip
    names = ["kind", "key", "address", "conversation_id", "due", "tries", "sent_at"]
    connection.execute(outbox.insert().from_select(names, alarm))
    for due, address, sent_at in connection.execute(
        sa.select(digests.c.due, users.c.email, digests.c.sent_at).join(users, users.c.id == digests.c.user_id)
    ):
        key = (due if due.tzinfo else due.replace(tzinfo=dt.UTC)).astimezone(dt.UTC).isoformat()
        row = {"kind": "digest", "key": key, "address": address, "due": due, "tries": 1, "sent_at": sent_at}
        connection.execute(outbox.insert().values(row))


def downgrade() -> None:
    op.drop_table("desk_outbox")
