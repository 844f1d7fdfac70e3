"""A student may be in danger and nobody is at the desk: staff are told by e-mail at once, without a word of the student.

Who is told: CRISIS_EMAILS at any hour, and every office that has an address and is open now. Each address once a hand-off.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal

from anyio import to_thread

from desk.advising.alarm_store import AlarmStore, Crisis
from desk.advising.offices import Offices
from desk.advising.presence import Presence
from desk.mail.outbox import Mail, Outbox
from desk.mail.outbox_store import Item
from desk.office import OfficeHours

SUBJECT = "A student may be in danger and nobody is on duty"
TEXT = """A message in the chat suggests that a student may be in danger, and no advisor is at the desk.

The program has named the crisis line (988) and goes on answering. Please look in now, or call somebody who can:
<link>

You will be asked to sign in. This e-mail holds nothing the student wrote, and it is sent once."""


class Alarms:
    """`always`: addresses told at any hour; `hours`: those of the desk; `address`: where the desk is reached."""

    kind: Literal["crisis"] = "crisis"

    def __init__(
        self, store: AlarmStore, outbox: Outbox, presence: Presence, offices: Offices, hours: OfficeHours, clock: Callable[[], dt.datetime],
        always: list[str], address: str,
    ) -> None:  # fmt: skip
        self.store, self._outbox, self._presence, self._offices, self._hours, self._clock = store, outbox, presence, offices, hours, clock
        self._always, self._address = always, address

    async def look(self) -> int:
        """Tell whom nobody has told yet; returns how many e-mails got away."""
        if self._outbox.works:
            await to_thread.run_sync(self._put)
        return await self._outbox.deliver(self)

    def _put(self) -> None:
        unattended = {str(crisis.hand_off_id): crisis for crisis in self._unattended()}
        if not unattended:
            return
        store, addresses = self._outbox.store, self.addresses()
        known = store.known(self.kind, unattended)
        for key, crisis in unattended.items():
            for address in addresses:
                if (key, address) not in known:
                    store.put(self.kind, key, address=address, conversation_id=crisis.conversation_id)

    def addresses(self) -> list[str]:
        """Everybody who would be told just now, each once."""
        now = self._clock()
        offices = [one for one in self._offices.all() if one.email and self._open(one.hours, now)]
        return list(dict.fromkeys([*self._always, *(one.email for one in offices)]))

    def silent_because(self) -> str | None:
        """Why no e-mail would go out although nobody is on duty; None if one would."""
        if not self._outbox.works:
            return "this desk has no mail server"
        return None if self.addresses() else "no address is set for it now (CRISIS_EMAILS, or an office that is open)"

    def _open(self, hours: str, now: dt.datetime) -> bool:
        return (OfficeHours.parse(hours, self._hours.zone.key) if hours else self._hours).open_at(now)

    def _unattended(self) -> list[Crisis]:
        """Who waits while nobody is on duty, and who is with an advisor that has left the desk."""
        crises = self.store.open_crises()
        if not crises:
            return []
        nobody, here = not self._presence.on_duty(), self._presence.at_the_desk()
        return [crisis for crisis in crises if (nobody if crisis.owner_id is None else crisis.owner_id not in here)]

    def write(self, item: Item) -> Mail | None:
        """Nobody is told of what has ended or has somebody at it meanwhile."""
        crisis = next((crisis for crisis in self._unattended() if str(crisis.hand_off_id) == item.key), None)
        if crisis is None:
            return None
        return Mail(item.address, SUBJECT, TEXT.replace("<link>", f"{self._address}/desk/conversations/{crisis.conversation_id}"))

    def told_of(self, conversation_id: str) -> dict[str, dt.datetime]:
        """The addresses an e-mail about the open crisis of this conversation has gone to, and when; empty without one."""
        found = next((crisis for crisis in self.store.open_crises() if crisis.conversation_id == conversation_id), None)
        return self._outbox.store.went(self.kind, str(found.hand_off_id)) if found else {}
