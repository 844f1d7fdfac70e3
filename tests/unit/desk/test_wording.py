"""Times and names as an advisor reads them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from desk.pages.wording import certainty, clock, day_and_clock, deed, lasting, moment, words

NOW = dt.datetime(2026, 11, 23, 22, 5, tzinfo=dt.UTC)
OFFICE = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "under 1 min"),
        (59, "under 1 min"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (86_400, "1 day"),
        (260_000, "3 days"),
    ],
)
def test_a_wait_is_told_as_coarsely_as_a_person_would(seconds: int, said: str) -> None:
    assert lasting(NOW - dt.timedelta(seconds=seconds), NOW) == said


def test_a_clock_that_runs_behind_does_not_wait_backwards() -> None:
    assert lasting(NOW + dt.timedelta(minutes=5), NOW) == "under 1 min"


def test_a_time_of_another_day_is_told_with_the_day() -> None:
    assert moment(NOW, OFFICE, NOW + dt.timedelta(hours=2)) == "2:05 PM"
    assert moment(NOW, OFFICE, NOW + dt.timedelta(days=1)) == day_and_clock(NOW, OFFICE)


def test_times_are_those_of_the_office() -> None:
    assert clock(NOW, OFFICE) == "2:05 PM"
    assert day_and_clock("2026-07-04T07:30:00", OFFICE) == "Jul 4, 12:30 AM"


@pytest.mark.parametrize(
    ("name", "said"), [("with_bot", "With the program"), ("es", "Spanish"), ("misses", "No answer found"), ("grade_level", "Grade level")]
)
def test_names_from_the_database_become_words(name: str, said: str) -> None:
    assert words(name) == said


def test_what_was_done_to_a_document_is_told_in_plain_words() -> None:
    assert deed("submit") == "Sent for review"
    assert deed("some_new_action") == "Some new action"


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (1.0, "very likely, more than 95 in 100"), (0.953, "likely, about 95 in 100"), (0.8, "likely, about 80 in 100"),
        (0.61, "more likely than not, about 61 in 100"), (0.5, "doubtful, about 50 in 100"), (0.0, "doubtful, less than 5 in 100"),
    ],
)  # fmt: skip
def test_a_probability_is_told_in_words_that_promise_no_more_than_it_does(score: float, said: str) -> None:
    assert certainty(score) == said
    assert "sure" not in said and "100%" not in said
