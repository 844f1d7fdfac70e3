"""What a student who waits for a person is told, honestly: is anybody there, which place, about how long, until when."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from babel.dates import format_date, format_time

from desk.advising.address import shown
from desk.advising.line import Line, Wait
from desk.advising.presence import Presence
from desk.conversations.hand_off_store import URGENCY
from desk.conversations.store import Clock
from desk.office import OfficeHours
from knowledge.assistant import Assistant
from knowledge.schema import Language

RECENT = dt.timedelta(days=14)
ENOUGH = 3
"""With fewer waits than this nothing is said: one long lunch is not a rule."""


@dataclass(frozen=True)
class Standing:
    """`position` from 1, None when not in line. `minutes` still to be expected; None when nobody can say.

    `on_duty`: how many advisors are at the desk. `by_email`: can an address be left? `contact`: the one left, half hidden.
    """

    position: int | None
    open: bool
    opens_at: str | None
    on_duty: int
    minutes: int | None
    by_email: bool
    contact: str | None
    office: str | None


def usual_wait(waits: Iterable[Wait], hours: OfficeHours) -> dt.timedelta | None:
    """The median of waits that began in office hours; None with too few of them."""
    seconds = [(came - asked).total_seconds() for asked, came in waits if hours.open_at(asked)]
    return dt.timedelta(seconds=statistics.median(seconds)) if len(seconds) >= ENOUGH else None


def minutes_left(usual: dt.timedelta | None, waited: dt.timedelta) -> int | None:
    """Whole minutes, at least one; None once the wait is longer than usual, for then nobody knows."""
    if usual is None or waited > usual:
        return None
    return max(1, math.ceil(int((usual - waited).total_seconds()) / 60))


class WaitingRoom:
    """`by_email`: can the desk send e-mail?"""

    def __init__(self, line: Line, presence: Presence, hours: OfficeHours, assistant: Assistant, clock: Clock, by_email: bool) -> None:
        self.line, self.presence, self.hours, self.assistant, self.clock, self.by_email = line, presence, hours, assistant, clock, by_email

    def standing(self, conversation_id: str) -> Standing:
        """Where a conversation stands in line."""
        request, now = self.line.request(conversation_id), self.clock()
        order = [found for found, _ in self.line.order()]
        hours = OfficeHours.parse(request.hours, self.hours.zone.key) if request and request.hours else self.hours
        opens, on_duty = hours.next_opening(now), len(self.presence.on_duty())
        there = hours.open_at(now) and on_duty > 0
        waited = now - request.asked_at if request else dt.timedelta()
        return Standing(
            position=order.index(conversation_id) + 1 if conversation_id in order else None,
            open=hours.open_at(now),
            opens_at=opens.isoformat() if opens else None,
            on_duty=on_duty,
            minutes=minutes_left(self._usual(), waited) if there else None,
            by_email=self.by_email,
            contact=shown(request.contact) if request and request.contact else None,
            office=request.office if request else None,
        )

    def words(self, language: Language, urgency: str) -> str:
        """For somebody who is about to join the line."""
        now, on_duty = self.clock(), self.presence.on_duty()
        if not self.hours.open_at(now):
            return " ".join([self._say("handoff_out_of_hours", language), *self._back(language, now), *self._address(language)])
        if not on_duty:
            return " ".join([self._say("wait_nobody_here", language), *self._address(language)])
        if urgency == "crisis":
            return ""  # help has been named already; a number in a line would be cold
        ahead = sum(URGENCY[other] <= URGENCY[urgency] for _, other in self.line.order())
        place = self._say("wait_first" if ahead == 0 else "wait_place", language).replace("<place>", str(ahead + 1))
        return " ".join([place, *self._about(language)])

    def _usual(self) -> dt.timedelta | None:
        return usual_wait(self.line.recent_waits(self.clock() - RECENT), self.hours)

    def _about(self, language: Language) -> list[str]:
        minutes = minutes_left(self._usual(), dt.timedelta())
        if minutes is None:
            return []
        return [self._say("wait_minute" if minutes == 1 else "wait_minutes", language).replace("<minutes>", str(minutes))]

    def _back(self, language: Language, now: dt.datetime) -> list[str]:
        opens = self.hours.next_opening(now)
        if opens is None:
            return []
        said = self._say("wait_back", language).replace("<day>", day(opens, language)).replace("<time>", _time(opens, language))
        return [said.replace("..", ".")]  # a Spanish hour ends with a dot of its own

    def _address(self, language: Language) -> list[str]:
        return [self._say("wait_leave_address", language)] if self.by_email else []

    def _say(self, wording: str, language: Language) -> str:
        return self.assistant.say(wording, language)


def day(moment: dt.datetime, language: Language) -> str:
    """``Monday, November 30`` · ``lunes 30 de noviembre``"""
    return format_date(moment, "EEEE d 'de' MMMM" if language == "es" else "EEEE, MMMM d", locale="es_US" if language == "es" else "en_US")


def _time(moment: dt.datetime, language: Language) -> str:
    """``8:00 AM`` · ``las 8:00 a. m.``: a Spanish hour has its article, and one o'clock its own."""
    if language == "en":
        return format_time(moment, "h:mm a", tzinfo=moment.tzinfo, locale="en_US")
    hour = format_time(moment, "h:mm a", tzinfo=moment.tzinfo, locale="es_US")
    return f"{'la' if hour.startswith('1:') else 'las'} {hour}"
