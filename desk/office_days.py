"""Days as the office counts them, and the moments they begin at. Pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def begin_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """Midnight at the office, as a point in time."""
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def day_of(text: str, otherwise: dt.date) -> dt.date:
    """What a date field sent; `otherwise` if it is empty or no date."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return otherwise


def span(since: str, until: str, today: dt.date, days: int) -> tuple[dt.date, dt.date]:
    """First and last day wanted; without both, the last `days` days up to today. Never the wrong way round, never more than three years."""
    last = min(day_of(until, today), today)
    first = day_of(since, last - dt.timedelta(days=days - 1))
    return max(min(first, last), last - dt.timedelta(days=3 * 366)), last
