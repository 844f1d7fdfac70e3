"""When a place's clock is how far from UTC. Pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def shifts(zone: ZoneInfo, since: dt.datetime, until: dt.datetime) -> list[tuple[dt.datetime, int]]:
    """(moment up to which it holds, minutes ahead of UTC), in order; the last holds up to `until`."""

    def minutes(moment: dt.datetime) -> int:
        return int((moment.astimezone(zone).utcoffset() or dt.timedelta()).total_seconds() // 60)

    found: list[tuple[dt.datetime, int]] = []
    here, step = since, dt.timedelta(days=1)
    while here < until:
        ahead = min(here + step, until)
        if minutes(ahead) != minutes(here):
            found.append((_change(zone, here, ahead), minutes(here)))
        here = ahead
    return [*found, (until, minutes(until))]


def _change(zone: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    """The moment between the two at which the clock is put forward or back, to the minute."""
    before = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.replace(second=0, microsecond=0)
