"""What is to go by e-mail, in SQL: put there once, claimed by one desk at a time, tried again until it has gone or is given up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Engine, delete, func, or_, select, update
from sqlalchemy.orm import Session

from desk.conversations.store import Clock
from desk.mail.tables import OutboxRow
from desk.tables import ConversationRow
from knowledge.store import Sessions
from knowledge.tables import insert_if_new

Kind = Literal["crisis", "reply", "digest"]
LEASE = dt.timedelta(seconds=60)
"""A desk that has not said by then how it went died meanwhile; rather one e-mail too many than none."""
FIRST_PAUSE = dt.timedelta(seconds=15)
KEPT = dt.timedelta(days=60)
"""How long it is known that an e-mail to staff went; one about a conversation is known as long as the conversation."""
AT_ONCE = 20


@dataclass(frozen=True)
class Patience:
    """`longest`: the pause between two tries grows up to this. `tries`: then it is given up."""

    longest: dt.timedelta
    tries: int


# About a day for each: a mail server is back by then, or the address is wrong. Danger is told within a minute of its coming back.
PATIENCE: dict[str, Patience] = {
    "crisis": Patience(dt.timedelta(minutes=1), 1440),
    "reply": Patience(dt.timedelta(hours=1), 30),
    "digest": Patience(dt.timedelta(hours=1), 30),
}


@dataclass(frozen=True)
class Item:
    """One e-mail of the outbox, claimed until `until`. `tries` counts this one too."""

    id: int
    kind: str
    key: str
    address: str
    tries: int
    until: dt.datetime


@dataclass(frozen=True)
class Backlog:
    """`waiting`: refused at least once and to be tried again; `given_up`: in the last day."""

    waiting: int
    given_up: int


def pause(kind: str, tries: int) -> dt.timedelta:
    """How long to wait after so many tries that failed: twice as long each time, up to what the kind bears."""
    doubled: int = 2 ** min(tries - 1, 20)
    return min(FIRST_PAUSE * doubled, PATIENCE[kind].longest)


def put(session: Session, kind: Kind, key: str, now: dt.datetime, *, address: str = "", conversation_id: str | None = None) -> bool:
    """Into the outbox in the caller's transaction. False: the same was put there before, or its conversation is gone."""
    # The row stays until the transaction ends, so that a student who deletes it in this moment waits or is first.
    if conversation_id and session.get(ConversationRow, conversation_id, with_for_update={"read": True, "key_share": True}) is None:
        return False
    row = {"kind": kind, "key": key, "address": address, "conversation_id": conversation_id, "due": now, "tries": 0}
    return session.scalar(insert_if_new(session, OutboxRow).values(row).returning(OutboxRow.id)) is not None


def still_to_go() -> ColumnElement[bool]:
    """Neither gone nor given up."""
    return OutboxRow.sent_at.is_(None) & OutboxRow.given_up_at.is_(None)


def waiting_in(kind: Kind) -> ColumnElement[bool]:
    """Of the outbox's rows those of this kind that have still to go."""
    return (OutboxRow.kind == kind) & still_to_go()


class OutboxStore:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self.writing, self.reading, self.clock = sessions.writing, sessions.reading, clock

    def put(self, kind: Kind, key: str, *, address: str = "", conversation_id: str | None = None) -> bool:
        """`put` in a transaction of its own, which also forgets what is long past."""
        now = self.clock()
        with self.writing() as session:
            session.execute(delete(OutboxRow).where(OutboxRow.conversation_id.is_(None), OutboxRow.due < now - KEPT))
            return put(session, kind, key, now, address=address, conversation_id=conversation_id)

    def due(self, kind: Kind) -> list[int]:
        """What may be sent now, the longest due first; some at a time."""
        now = self.clock()
        with self.reading() as session:
            found = select(OutboxRow.id).where(waiting_in(kind), self._free(now)).order_by(OutboxRow.due, OutboxRow.id).limit(AT_ONCE)
            return list(session.scalars(found))

    def claim(self, item_id: int) -> Item | None:
        """The item for the one caller that is to send it; None for all others."""
        now = self.clock()
        with self.writing() as session:
            claimed = (
                update(OutboxRow)
                .where(OutboxRow.id == item_id, still_to_go(), self._free(now))
                .values(claimed_until=now + LEASE, tries=OutboxRow.tries + 1)
            )
            row = session.execute(claimed.returning(OutboxRow.kind, OutboxRow.key, OutboxRow.address, OutboxRow.tries)).one_or_none()
        return Item(item_id, *row, now + LEASE) if row else None

    def sent(self, item: Item) -> None:
        """It has gone, whoever holds it now."""
        self._change(OutboxRow.id == item.id, sent_at=self.clock(), given_up_at=None, claimed_until=None)

    def refused(self, item: Item) -> bool:
        """It did not get away: tried again after a pause, or given up. True for the latter."""
        now = self.clock()
        over = item.tries >= PATIENCE[item.kind].tries
        self._change(self._held(item), claimed_until=None, due=now + pause(item.kind, item.tries), given_up_at=now if over else None)
        return over

    def drop(self, item: Item) -> None:
        """Nobody wants it any more. The same may be put in again."""
        with self.writing() as session:
            session.execute(delete(OutboxRow).where(self._held(item)))

    def known(self, kind: Kind, keys: Iterable[str]) -> set[tuple[str, str]]:
        """Key and address of each e-mail that was put in for one of `keys`, sent or not."""
        with self.reading() as session:
            found = select(OutboxRow.key, OutboxRow.address).where(OutboxRow.kind == kind, OutboxRow.key.in_(list(keys)))
            return {(key, address) for key, address in session.execute(found)}

    def went(self, kind: Kind, key: str) -> dict[str, dt.datetime]:
        """The addresses it has gone to, and when."""
        with self.reading() as session:
            rows = select(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.key == key, OutboxRow.sent_at.is_not(None))
            return {row.address: row.sent_at for row in session.scalars(rows.order_by(OutboxRow.address)) if row.sent_at}

    def given_up_in(self, conversation_id: str) -> dt.datetime | None:
        """When a reply of this conversation was last given up."""
        with self.reading() as session:
            return session.scalar(
                select(OutboxRow.given_up_at)
                .where(OutboxRow.conversation_id == conversation_id, OutboxRow.kind == "reply", OutboxRow.given_up_at.is_not(None))
                .order_by(OutboxRow.given_up_at.desc())
                .limit(1)
            )

    def backlog(self) -> Backlog:
        with self.reading() as session:
            count = select(func.count()).select_from(OutboxRow)
            waiting = session.scalar(count.where(still_to_go(), OutboxRow.tries > 1)) or 0
            given_up = session.scalar(count.where(OutboxRow.given_up_at > self.clock() - dt.timedelta(days=1))) or 0
            return Backlog(waiting, given_up)

    def _free(self, now: dt.datetime) -> ColumnElement[bool]:
        """Due, and nobody's. A claim that ends too far ahead is void: a clock jumped."""
        until = OutboxRow.claimed_until
        return (OutboxRow.due <= now) & or_(until.is_(None), until <= now, until > now + 2 * LEASE)

    def _held(self, item: Item) -> ColumnElement[bool]:
        """Still the caller's: nobody has taken it over meanwhile."""
        return (OutboxRow.id == item.id) & (OutboxRow.claimed_until == item.until)

    def _change(self, which: ColumnElement[bool], **values: Any) -> None:
        with self.writing() as session:
            session.execute(update(OutboxRow).where(which).values(**values))
