from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.office import OfficeHours

SEATTLE = "America/Los_Angeles"
WEEK = OfficeHours.parse("mon-fri 08:00-17:00, sat 10:00-12:00", SEATTLE)
moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)).map(lambda t: t.replace(tzinfo=dt.UTC))


def at(text: str) -> dt.datetime:
    """A moment in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 15:59", False), ("2026-11-23 16:00", True), ("2026-11-24 00:59", True), ("2026-11-24 01:00", False),  # Monday, winter: UTC-8
        ("2026-07-06 15:00", True), ("2026-07-07 00:00", False),  # Monday, summer: UTC-7
        ("2026-11-28 19:00", True), ("2026-11-28 21:00", False), ("2026-11-29 19:00", False),  # Saturday and Sunday
    ],
)  # fmt: skip
def test_open_is_read_on_the_offices_own_clock(moment: str, is_open: bool) -> None:
    assert WEEK.open_at(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23 12:00", "2026-11-23T08:00:00-08:00"),
        ("2026-11-23 18:00", "2026-11-24T08:00:00-08:00"),  # open now: the next opening is tomorrow's
        ("2026-11-28 02:00", "2026-11-28T10:00:00-08:00"),
        ("2026-11-28 22:00", "2026-11-30T08:00:00-08:00"),
        ("2026-10-31 22:00", "2026-11-02T08:00:00-08:00"),  # the clocks change on the night between
        ("2026-03-07 22:00", "2026-03-09T08:00:00-07:00"),
    ],
)
def test_the_next_opening_is_the_offices_local_time(moment: str, opens: str) -> None:
    found = WEEK.next_opening(at(moment))
    assert found is not None and found.isoformat() == opens


@given(moments)
def test_the_next_opening_lies_ahead_and_the_office_is_open_then_and_not_just_before(moment: dt.datetime) -> None:
    opens = WEEK.next_opening(moment)
    assert opens is not None and moment < opens <= moment + dt.timedelta(days=8)
    assert WEEK.open_at(opens) and not WEEK.open_at(opens - dt.timedelta(seconds=1))


def test_an_office_without_hours_is_never_open() -> None:
    never = OfficeHours.parse("", SEATTLE)
    assert not never.open_at(at("2026-11-23 18:00")) and never.next_opening(at("2026-11-23 18:00")) is None


def test_an_office_open_one_hour_a_week_opens_again_next_week() -> None:
    rare = OfficeHours.parse("mon 08:00-09:00", SEATTLE)
    assert str(rare.next_opening(at("2026-11-23 16:30"))) == "2026-11-30 08:00:00-08:00"


@pytest.mark.parametrize(
    "text",
    [
        "mon-fri",
        "mon-fri 8-17",
        "monday 08:00-17:00",
        "mon-xyz 08:00-17:00",
        "mon 25:00-26:00",
        "fri-mon 08:00-17:00",
        "mon 17:00-08:00",
        "mon 08:00-08:00",
    ],
)
def test_hours_that_cannot_be_meant_are_refused_naming_the_setting(text: str) -> None:
    with pytest.raises(ValueError, match="OFFICE_HOURS"):
        OfficeHours.parse(text, SEATTLE)


@pytest.mark.parametrize("zone", ["Pacific", "America/Nowhere", "", "../etc/passwd"])
def test_a_time_zone_nobody_knows_is_refused_naming_the_setting(zone: str) -> None:
    with pytest.raises(ValueError, match="TIME_ZONE"):
        OfficeHours.parse("mon 08:00-17:00", zone)
