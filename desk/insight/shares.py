"""Shares with the range chance allows, and middles. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """A share with its 95 % interval (Wilson)."""

    value: float
    low: float
    high: float


def range_of(hits: int, of: int, z: float = 1.96) -> Range | None:
    """None of nothing."""
    if not of:
        return None
    p = hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Range(p, max(0.0, middle - half), min(1.0, middle + half))


def median(values: Sequence[float]) -> float | None:
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
