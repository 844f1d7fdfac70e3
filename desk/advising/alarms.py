"""A student may be in danger and nobody is at the desk: staff are told by e-mail at once, without a word of the student.

Who is told: CRISIS_EMAILS at any hour, and every office that has an address and is open now. Each address once a hand-off.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

import structlog
from anyio import to_thread

from desk.advising.alarm_store import AlarmStore, Crisis
from desk.advising.offices import Offices
from desk.advising.post import NotSent, Post
from desk.advising.presence import Presence
from desk.office import OfficeHours

log = structlog.get_logger("desk.alarms")

AFTER_FAILURE = dt.timedelta(seconds=15)
"""A mail server that is away is asked again after this."""
SUBJECT = "A student may be in danger and nobody is on duty"
TEXT = """A message in the chat suggests that a student may be in danger, and no advisor is at the desk.

The program has named the crisis line (988) and goes on answering. Please look in now, or call somebody who can:
<link>

You will be asked to sign in. This e-mail holds nothing the student wrote, and it is sent once."""


class Alarms:
    """`always`: addresses told at any hour; `hours`: those of the desk; `address`: where the desk is reached."""

    def __init__(
        self, store: AlarmStore, post: Post, presence: Presence, offices: Offices, hours: OfficeHours, clock: Callable[[], dt.datetime],
        always: list[str], address: str,
    ) -> None:  # fmt: skip
        self.store, self._post, self._presence, self._offices, self._hours, self._clock = store, post, presence, offices, hours, clock
        self._always, self._address, self._again_at = always, address, clock()

    async def look(self) -> int:
        """Tell whom nobody has told yet; returns how many e-mails got away."""
        if not self._post.works or self._clock() < self._again_at:
            return 0
        crises = await to_thread.run_sync(self._unattended)
        addresses = await to_thread.run_sync(self.addresses) if crises else []
        # All at once: a mailbox whose server hangs must not hold up the others.
        return sum(await asyncio.gather(*(self._tell(crisis, address) for crisis in crises for address in addresses)))

    def addresses(self) -> list[str]:
        """Everybody who would be told just now, each once."""
        now = self._clock()
        offices = [one for one in self._offices.all() if one.email and self._open(one.hours, now)]
        return list(dict.fromkeys([*self._always, *(one.email for one in offices)]))

    def silent_because(self) -> str | None:
        """Why no e-mail would go out although nobody is on duty; None if one would."""
        if not self._post.works:
            return "this desk has no mail server"
        return None if self.addresses() else "no address is set for it now (CRISIS_EMAILS, or an office that is open)"

    def _open(self, hours: str, now: dt.datetime) -> bool:
        return (OfficeHours.parse(hours, self._hours.zone.key) if hours else self._hours).open_at(now)

    def _unattended(self) -> list[Crisis]:
        """Who waits while nobody is on duty, and who is with an advisor that has left the desk."""
        return [crisis for crisis in self.store.open_crises() if not self._attended(crisis)]

    def _attended(self, crisis: Crisis) -> bool:
        if crisis.owner_id is not None:
            return self._presence.at_the_desk(crisis.owner_id)
        return bool(self._presence.on_duty())

    async def _tell(self, crisis: Crisis, address: str) -> bool:
        its = (crisis.hand_off_id, address)
        if address in await to_thread.run_sync(self.store.told, crisis.hand_off_id) or not await to_thread.run_sync(self.store.claim, *its):
            return False
        try:
            await self._post.send(address, SUBJECT, TEXT.replace("<link>", f"{self._address}/desk/conversations/{crisis.conversation_id}"))
        except NotSent as error:
            log.warning("alarm_not_sent", hand_off=crisis.hand_off_id, cause=str(error))
            await to_thread.run_sync(self.store.give_back, *its)
            self._again_at = self._clock() + AFTER_FAILURE
            return False
        await to_thread.run_sync(self.store.sent, *its)
        log.info("alarm_sent", conversation=crisis.conversation_id)
        return True
