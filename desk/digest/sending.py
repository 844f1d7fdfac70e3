"""Once a week each editor, and each owner of documents, gets one e-mail; part of the desk's background."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from anyio import to_thread
from jinja2 import Environment, FileSystemLoader

from desk.conversations.store import Clock
from desk.digest.contents import Digest, Waiting, digest_for, last_due, readers
from desk.editor.freshness import Line
from desk.mail.outbox import Mail, Outbox
from desk.mail.outbox_store import Item
from desk.staff.accounts import Accounts, User

LATE = dt.timedelta(days=3)
"""A desk that was down at the hour sends it until then; later, next week's is near."""
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

    kind: Literal["digest"] = "digest"

    def __init__(self, outbox: Outbox, accounts: Accounts, told: Told, weekly: Weekly, address: str, clock: Clock) -> None:
        self._outbox, self._accounts, self._told = outbox, accounts, told
        self._weekly, self._address, self._clock = weekly, address, clock
        self._done: dt.datetime | None = None

    async def look(self) -> int:
        """Send what is due and was not sent; returns how many e-mails got away."""
        now, weekly = self._clock(), self._weekly
        if weekly.weekday is None or not self._outbox.works:
            return 0
        due = last_due(now.astimezone(weekly.zone), weekly.weekday, weekly.hour).astimezone(dt.UTC)
        if due != self._done and now <= due + LATE:
            await to_thread.run_sync(self._put, due)
            self._done = due
        return await self._outbox.deliver(self)

    def _put(self, due: dt.datetime) -> None:
        """Into the outbox for everybody who has something to hear of."""
        lines, waiting = self._told.lines(), self._told.waiting()
        for user in readers(self._accounts.all()):
            if not digest_for(user, lines, waiting).empty:
                self._outbox.store.put(self.kind, due.isoformat(), address=user.email)

    def write(self, item: Item) -> Mail | None:
        """As things are when it goes; None when it is too late, or nothing is left to tell."""
        user = next((user for user in readers(self._accounts.all()) if user.email == item.address), None)
        if user is None or self._clock() > dt.datetime.fromisoformat(item.key) + LATE:
            return None
        digest = digest_for(user, self._told.lines(), self._told.waiting())
        return None if digest.empty else Mail(user.email, *self.words(user, digest))

    def words(self, user: User, digest: Digest) -> tuple[str, str]:
        """Subject and text, of which the first line of the template is the subject."""
        made = _TEXTS.get_template(_WORDS).render(user=user, digest=digest, address=self._address, listed=LISTED)
        subject, _, text = made.partition("\n")
        return subject.strip(), text.strip() + "\n"
