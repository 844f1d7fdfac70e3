"""Once a week each editor, and each owner of documents, gets one e-mail; part of the desk's background."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog
from anyio import to_thread
from jinja2 import Environment, FileSystemLoader

from desk.advising.post import NotSent, Post
from desk.conversations.store import Clock
from desk.digest.contents import Digest, Waiting, digest_for, last_due, readers
from desk.digest.digest_store import DigestStore
from desk.editor.freshness import Line
from desk.staff.accounts import Accounts, User

log = structlog.get_logger("desk.digest")
LATE = dt.timedelta(days=3)
"""A desk that was down at the hour sends it until then; later, next week's is near."""
AGAIN = dt.timedelta(minutes=15)
LISTED = 12
_TEXTS = Environment(loader=FileSystemLoader(Path(__file__).parents[1] / "templates"), trim_blocks=True, lstrip_blocks=True)
_WORDS = "digest.txt"


class Told(Protocol):
    """Everything an e-mail may tell of."""

    def lines(self) -> list[Line]:
        """Documents that need a look, the most pressing first."""

    def waiting(self) -> Waiting:
        """What waits for an editor."""


@dataclass(frozen=True)
class Weekly:
    """`weekday`: Monday is 0; None: it is not wanted."""

    weekday: int | None
    hour: int
    zone: dt.tzinfo


class Digests:
    """`address`: where staff open the desk. `look()` may be called at any time by any number of processes."""

    def __init__(self, store: DigestStore, accounts: Accounts, told: Told, post: Post, weekly: Weekly, address: str, clock: Clock) -> None:
        self._store, self._accounts, self._told, self._post = store, accounts, told, post
        self._weekly, self._address, self._clock = weekly, address, clock
        self._done: dt.datetime | None = None
        self._not_before = dt.datetime.min.replace(tzinfo=dt.UTC)

    async def look(self) -> int:
        """Send what is due and was not sent; returns how many e-mails got away."""
        now, weekly = self._clock(), self._weekly
        if weekly.weekday is None or not self._post.works or now < self._not_before:
            return 0
        due = last_due(now.astimezone(weekly.zone), weekly.weekday, weekly.hour).astimezone(dt.UTC)
        if due == self._done or now > due + LATE:
            return 0
        users, lines, waiting = await to_thread.run_sync(self._gather)
        sent, failed = 0, 0
        for user in users:
            digest = digest_for(user, lines, waiting)
            if not digest.empty and await to_thread.run_sync(self._store.claim, user.id, due):
                got_away = await self._send(user, digest, due)
                sent, failed = sent + got_away, failed + (not got_away)
        if failed:
            self._not_before = now + AGAIN
        else:
            self._done = due
        if sent:
            log.info("digests_sent", count=sent)
        return sent

    def _gather(self) -> tuple[list[User], list[Line], Waiting]:
        return readers(self._accounts.all()), self._told.lines(), self._told.waiting()

    async def _send(self, user: User, digest: Digest, due: dt.datetime) -> bool:
        subject, text = self.words(user, digest)
        try:
            await self._post.send(user.email, subject, text)
        except NotSent as error:
            log.warning("digest_not_sent", user=user.id, cause=str(error))
            await to_thread.run_sync(self._store.give_back, user.id, due)
            return False
        return True

    def words(self, user: User, digest: Digest) -> tuple[str, str]:
        """Subject and text, of which the first line of the template is the subject."""
        made = _TEXTS.get_template(_WORDS).render(user=user, digest=digest, address=self._address, listed=LISTED)
        subject, _, text = made.partition("\n")
        return subject.strip(), text.strip() + "\n"
