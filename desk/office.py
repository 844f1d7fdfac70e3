"""When people are at the desk. Pure, given the moment."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"^([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)$")


@dataclass(frozen=True)
class OfficeHours:
    """Weekly opening times in one time zone, e.g. ``mon-fri 08:00-17:00, sat 10:00-12:00``."""

    spans: tuple[tuple[int, dt.time, dt.time], ...]
    zone: ZoneInfo

    @classmethod
    def parse(cls, text: str, zone: str) -> OfficeHours:
        spans = []
        for part in filter(None, (p.strip().lower() for p in text.split(","))):
            found = _SPAN.match(part)
            if not found or found[1] not in _DAYS or (found[2] or found[1]) not in _DAYS:
                raise ValueError(f"OFFICE_HOURS: {part!r} is not like 'mon-fri 08:00-17:00'")
            first, last = _DAYS.index(found[1]), _DAYS.index(found[2] or found[1])
            try:
                start, end = dt.time(int(found[3]), int(found[4])), dt.time(int(found[5]), int(found[6]))
            except ValueError:
                raise ValueError(f"OFFICE_HOURS: {part!r} names a time that no clock shows") from None
            if first > last or start >= end:
                raise ValueError(f"OFFICE_HOURS: {part!r} ends before it begins; write two parts, as in 'sat 10:00-12:00, mon 10:00-12:00'")
            spans += [(day, start, end) for day in range(first, last + 1)]
        try:
            return cls(tuple(spans), ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"TIME_ZONE: there is no time zone {zone!r}; write one like 'America/Los_Angeles'") from None

    def open_at(self, moment: dt.datetime) -> bool:
        local = moment.astimezone(self.zone)
        return any(day == local.weekday() and start <= local.time() < end for day, start, end in self.spans)

    def next_opening(self, moment: dt.datetime) -> dt.datetime | None:
        """The next moment somebody is there, in local time; None if never."""
        local = moment.astimezone(self.zone)
        starts = [
            dt.datetime.combine(local.date() + dt.timedelta(days=ahead), start, self.zone)
            for ahead in range(8)
            for day, start, _ in self.spans
            if day == (local.weekday() + ahead) % 7
        ]
        return min((s for s in starts if s > local), default=None)
