from __future__ import annotations

import pytest

from desk.api.limits import RateLimit
from desk.errors import TooMany


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_window_slides_and_says_how_long_to_wait() -> None:
    clock = Clock()
    limit = RateLimit(2, 60, clock)
    limit.check("a")
    clock.now = 20
    limit.check("a")
    with pytest.raises(TooMany) as refused:
        limit.check("a")
    assert refused.value.retry_after == 41 and "41 seconds" in refused.value.message
    clock.now = 60
    limit.check("a")
    with pytest.raises(TooMany):
        limit.check("a")


def test_one_key_does_not_use_up_anothers_share() -> None:
    limit = RateLimit(1, 60, Clock())
    limit.check("a")
    limit.check("b")


def test_a_refused_call_does_not_lengthen_the_wait() -> None:
    clock = Clock()
    limit = RateLimit(1, 60, clock)
    limit.check("a")
    for second in range(1, 60):
        clock.now = second
        with pytest.raises(TooMany):
            limit.check("a")
    clock.now = 60
    limit.check("a")


def test_keys_that_went_quiet_are_forgotten() -> None:
    clock = Clock()
    limit = RateLimit(1, 60, clock)
    for n in range(50_001):
        limit.check(str(n))
    clock.now = 61
    limit.check("new")
    assert len(limit._calls) == 1
