"""How the staff pages say times and the desk's own words. Pure; templates use these as filters."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from babel.dates import format_date

REASONS = {
    "asked": "Asked for a person",
    "misses": "No answer found",
    "crisis": "Safety concern",
    "frustration": "Frustrated",
    "topic": "Needs a person",
}
STATES = {"with_bot": "With the program", "waiting": "Waiting", "with_advisor": "With an advisor", "closed": "Closed"}
MISSES = {
    "marked": "Marked by an advisor",
    "not_helpful": "Did not help",
    "handed_off": "Ended with a person",
    "none_of_these": "None of the choices",
    "clarify_loop": "Asked back twice",
    "abandoned": "Asked back, then silence",
    "not_covered": "No answer",
    "out_of_scope": "Declined as not ours",
}
OUTCOMES = {
    "answered": "Answered",
    "clarify": "Asked back",
    "not_covered": "No answer",
    "handoff": "To a person",
    "pathway": "Programs shown",
    "form": "Form",
}
ENDINGS = {
    "helped": "Question answered",
    "appointment": "Meeting arranged",
    "referred": "Sent to another office",
    "no_reply": "Student went silent",
    "not_ours": "Not for us, or a test",
}
"""How an advisor says a conversation ended."""
ENDED = {**ENDINGS, "returned": "Back to the program", "stale": "Ended by silence", "closed": "Closed"}
DECISIONS = {
    "proposed": "Waits for an editor",
    "live": "Live",
    "declined": "Declined",
    "dismissed": "Dismissed",
    "undone": "Undone",
    "phrasing": "Leads to an entry",
}
LANGUAGES = {"en": "English", "es": "Spanish"}
SENDERS = {"student": "Student", "bot": "Program", "advisor": "Advisor", "system": "Notice"}
_WORDS = {**OUTCOMES, **MISSES, **DECISIONS, **ENDED, **REASONS, **STATES, **LANGUAGES, **SENDERS}


_DEEDS = {
    "draft": "Draft saved", "submit": "Sent for review", "return": "Given back", "discard": "Draft discarded", "publish": "Published",
    "retire": "Published no more", "load": "Loaded",
}  # fmt: skip


def words(name: str) -> str:
    """A name from the database as an advisor reads it: ``with_bot``, ``es``, ``grade_level``."""
    return _WORDS.get(name) or name.replace("_", " ").capitalize()


def deed(action: str) -> str:
    """What somebody did to a document, as its history tells it; an unknown name is told as it stands."""
    return _DEEDS.get(action, words(action))


def lasting(since: dt.datetime, now: dt.datetime) -> str:
    """How long ago, as coarse as a person would say it: ``under 1 min``, ``7 min``, ``2 h 5 min``, ``3 days``."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return "under 1 min"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days = minutes // (24 * 60)
    return f"{days} day{'s' if days > 1 else ''}"


def clock(moment: dt.datetime | str, zone: ZoneInfo) -> str:
    """The time of day at the office: ``2:05 PM``."""
    return f"{_local(moment, zone):%I:%M %p}".lstrip("0")


def moment(at: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> str:
    """The time of day; of another day than today with the day."""
    return clock(at, zone) if _local(at, zone).date() == _local(now, zone).date() else day_and_clock(at, zone)


def day_and_clock(moment: dt.datetime | str, zone: ZoneInfo) -> str:
    """Day and time at the office: ``Nov 3, 2:05 PM``."""
    local = _local(moment, zone)
    return f"{local:%b} {local.day}, {clock(local, zone)}"


def long_day(day: dt.date, language: str) -> str:
    """``June 30, 2027``, ``30 de junio de 2027``."""
    return str(format_date(day, "long", locale="es" if language == "es" else "en"))


def certainty(score: float) -> str:
    """What a calibrated probability means, in words that promise no more than it does: never “sure”."""
    in_hundred = round(score * 100)
    if in_hundred > 95:
        return "very likely, more than 95 in 100"
    word = "likely" if in_hundred >= 80 else "more likely than not" if in_hundred > 50 else "doubtful"
    return f"{word}, about {in_hundred} in 100" if in_hundred >= 5 else f"{word}, less than 5 in 100"


def _local(moment: dt.datetime | str, zone: ZoneInfo) -> dt.datetime:
    read = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (read if read.tzinfo else read.replace(tzinfo=dt.UTC)).astimezone(zone)


FILTERS = {
    "words": words,
    "deed": deed,
    "lasting": lasting,
    "certainty": certainty,
    "moment": moment,
    "day_and_clock": day_and_clock,
    "long_day": long_day,
}
