"""How long a wait is said to be."""

from __future__ import annotations

import datetime as dt

from desk.advising.waiting_room import minutes_left, usual_wait
from desk.office import OfficeHours

HOURS = OfficeHours.parse("mon-fri 08:00-17:00", "America/Los_Angeles")
MORNING = dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 11, 24, 6, tzinfo=dt.UTC)


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def waited(asked: dt.datetime, number: float) -> tuple[dt.datetime, dt.datetime]:
    return asked, asked + minutes(number)


def test_one_long_wait_does_not_move_the_median() -> None:
    assert usual_wait([waited(MORNING, n) for n in (2, 4, 300)], HOURS) == minutes(4)


def test_a_night_that_was_slept_through_is_not_a_wait() -> None:
    assert usual_wait([waited(MORNING, 2), waited(MORNING, 4), waited(NIGHT, 600)], HOURS) is None


def test_minutes_are_rounded_up_and_never_none_at_all_while_the_wait_is_usual() -> None:
    assert minutes_left(minutes(5), minutes(1.5)) == 4
    assert minutes_left(minutes(5), minutes(5)) == 1


def test_nothing_is_said_without_data_or_once_the_wait_is_unusual() -> None:
    assert minutes_left(None, minutes(1)) is None
    assert minutes_left(minutes(5), minutes(5.1)) is None
