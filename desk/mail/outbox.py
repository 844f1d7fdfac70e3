"""Sends what is in the outbox. Whoever has something to say by e-mail puts it there and writes it when it is to go.

Each e-mail goes at least once: a desk that dies while sending leaves a claim that ends, and another sends it. Two desks never
send it at the same time. It goes twice only if a desk dies between the mail server's yes and noting it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

import structlog
from anyio import to_thread

from desk import metrics
from desk.mail.outbox_store import LEASE, Item, Kind, OutboxStore
from desk.mail.post import NotSent, Post

log = structlog.get_logger("desk.mail")
SENDS_WITHIN_S = LEASE.total_seconds() * 0.75
"""Sending ends before the claim does, however slow the mail server is."""


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str


class Writer(Protocol):
    """Knows what one kind of e-mail says. Written when it goes, so that it says what is true then."""

    @property
    def kind(self) -> Kind: ...

    def write(self, item: Item) -> Mail | None:
        """None: nobody wants it any more."""


class Outbox:
    def __init__(self, store: OutboxStore, post: Post) -> None:
        self.store, self._post = store, post

    @property
    def works(self) -> bool:
        """Can e-mail be sent at all?"""
        return self._post.works

    async def deliver(self, writer: Writer) -> int:
        """Send what is due of one kind; returns how many got away."""
        due = await to_thread.run_sync(self.store.due, writer.kind) if self.works else []
        # All at once: a mailbox whose server hangs must not hold up the others.
        return sum(await asyncio.gather(*(self._one(writer, item_id) for item_id in due)))

    async def _one(self, writer: Writer, item_id: int) -> bool:
        item = await to_thread.run_sync(self.store.claim, item_id)
        if item is None:
            return False
        try:
            mail = await to_thread.run_sync(writer.write, item)
            if mail is None:
                await to_thread.run_sync(self.store.drop, item)
                return False
            async with asyncio.timeout(SENDS_WITHIN_S):
                await self._post.send(mail.to, mail.subject, mail.text)
        except Exception as error:  # whatever it is, it is this e-mail's trouble and counts as a try
            await self._refused(item, error)
            return False
        await to_thread.run_sync(self.store.sent, item)
        metrics.MAILS.labels(item.kind, "sent").inc()
        log.info("mail_sent", kind=item.kind, item=item.id, tries=item.tries)
        return True

    async def _refused(self, item: Item, error: Exception) -> None:
        """Said in the log without an address; what a mail server says may hold one."""
        over = await to_thread.run_sync(self.store.refused, item)
        metrics.MAILS.labels(item.kind, "given_up" if over else "refused").inc()
        say = log.error if over else log.warning
        cause = str(error) if isinstance(error, NotSent) else type(error).__name__
        say("mail_given_up" if over else "mail_not_sent", kind=item.kind, item=item.id, tries=item.tries, cause=cause)
