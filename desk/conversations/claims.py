"""Which desk process answers a conversation just now, so that two of them never answer the same message.

A claim is two columns of the conversation's row. It is taken in the transaction that stores a student's message, and ends
in the one that stores the replies, so it costs nothing of its own. A process that dies leaves its claim behind: it is
void after LEASE, and at once for the next process of the same name. A long turn renews its claim meanwhile.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.orm import Session

from desk.tables import ConversationRow, MessageRow

LEASE = dt.timedelta(seconds=3)


class Claims:
    """`desk`: the process's name, the same after a restart and unlike every other's (host, port, number)."""

    def __init__(self, desk: str) -> None:
        self._desk, self.me = f"{desk}/", f"{desk}/{secrets.token_hex(4)}"

    def take(self, row: ConversationRow, now: dt.datetime) -> bool:
        """Claim a conversation whose row the caller has locked. False: another process has it."""
        if not self.is_free(row, now):
            return False
        for name, value in self.mine(now).items():
            setattr(row, name, value)
        return True

    def mine(self, now: dt.datetime) -> dict[str, Any]:
        """The columns of a conversation that this process has."""
        return {"claimed_by": self.me, "claimed_until": now + LEASE}

    def holds(self, row: ConversationRow, now: dt.datetime) -> bool:
        return row.claimed_by == self.me and row.claimed_until is not None and row.claimed_until > now

    def renew(self, session: Session, conversation_ids: Iterable[str], now: dt.datetime) -> None:
        mine = (ConversationRow.id.in_(list(conversation_ids)), ConversationRow.claimed_by == self.me)
        session.execute(update(ConversationRow).where(*mine).values(claimed_until=now + LEASE))

    def left_behind(self, session: Session, now: dt.datetime) -> list[str]:
        """Conversations with a message that nobody has dealt with and nobody is dealing with: left by a crash."""
        pending = select(MessageRow.conversation_id).join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
        return list(session.scalars(pending.where(MessageRow.pending.is_(True), self._void(now)).distinct()))

    def is_free(self, row: ConversationRow | Row[Any], now: dt.datetime) -> bool:
        by, until = row.claimed_by, row.claimed_until
        return by is None or until is None or by.startswith(self._desk) or not now < until <= now + 2 * LEASE

    def _void(self, now: dt.datetime) -> ColumnElement[bool]:
        """The same in SQL, but for our own claims of this life. One that ends too far ahead is void: a clock jumped."""
        by, until = ConversationRow.claimed_by, ConversationRow.claimed_until
        earlier_life = by.startswith(self._desk, autoescape=True) & (by != self.me)
        return or_(by.is_(None), until.is_(None), until <= now, until > now + 2 * LEASE, earlier_life)
