from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures import Spread, growth, percentile

MILLISECONDS = st.lists(st.floats(0, 1e6), min_size=1)


def test_a_percentile_lies_between_its_neighbours_in_proportion() -> None:
    assert percentile([4, 1, 3, 2], 0.5) == 2.5
    assert percentile([1, 2, 3, 4, 5], 0.95) == pytest.approx(4.8)
    assert percentile(range(101), 0.95) == 95


def test_the_ends_are_the_least_and_the_most() -> None:
    assert (percentile([3, 1, 2], 0), percentile([3, 1, 2], 1)) == (1, 3)


def test_one_value_is_every_percentile() -> None:
    assert percentile([7.5], 0.5) == percentile([7.5], 0.95) == 7.5


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@given(MILLISECONDS)
def test_percentiles_rise_and_stay_within_the_values(values: list[float]) -> None:
    found = [percentile(values, share / 20) for share in range(21)]
    assert found == sorted(found)
    assert min(values) == found[0] and found[-1] == max(values)


def test_a_spread_says_how_many_and_how_long() -> None:
    assert Spread.of([1.0, 2.0, 3.0]) == Spread(count=3, p50=2.0, p95=2.9, mean=2.0, most=3.0)


def test_growth_takes_the_middle_of_the_turns_around_and_of_all_conversations() -> None:
    """One slow turn at either place does not decide."""
    steady = [10.0] * 22
    hiccup = [*[10.0] * 4, 900.0, *[10.0] * 13, 30.0, 900.0, 30.0, 30.0]
    assert growth([steady, steady], early=5, late=20) == (10.0, 10.0)
    assert growth([hiccup], early=5, late=20) == (10.0, 30.0)
    assert growth([hiccup, steady, steady], early=5, late=20) == (10.0, 10.0)
