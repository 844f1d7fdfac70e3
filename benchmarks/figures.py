"""Many measurements said in a few numbers. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of all lie, between two neighbours in proportion. Raises ValueError on none."""
    if not values:
        raise ValueError("there is nothing to take a percentile of")
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@dataclass(frozen=True)
class Spread:
    """`count` measurements in milliseconds."""

    count: int
    p50: float
    p95: float
    mean: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        found = (percentile(values, 0.5), percentile(values, 0.95), statistics.fmean(values), max(values))
        return cls(len(values), *(round(v, 2) for v in found))


def growth(turns: Sequence[Sequence[float]], early: int, late: int, around: int = 2) -> tuple[float, float]:
    """Milliseconds of turn `early` and of turn `late` (counted from 1), as medians over the turns around them and all conversations.

    `turns`: the milliseconds of each conversation's turns, in order.
    """
    first = [ms for turn in turns for ms in turn[early - 1 - around : early + around]]
    last = [ms for turn in turns for ms in turn[late - 1 - around : late + around]]
    return round(statistics.median(first), 2), round(statistics.median(last), 2)
