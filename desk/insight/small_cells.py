"""No number that could point at a few students: small cells are hidden, and so is what would give them away. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.insight.model import Counted

LEAST = 5
"""A count from 1 up to, not including, this is hidden; so is every number of a group of fewer students."""


@dataclass(frozen=True)
class Shown:
    """A row after hiding. None: hidden."""

    key: str | None
    questions: int | None
    students: int | None
    parts: tuple[int | None, ...]

    def share(self, part: int) -> float | None:
        """Of its questions; None if that is hidden or there are none."""
        hits = self.parts[part]
        return None if hits is None or not self.questions else hits / self.questions


def few(count: int) -> bool:
    return 0 < count < LEAST


def hide(rows: Sequence[Counted]) -> list[Shown]:
    """`rows` add up to a total that is known, and so do the parts of a row: a single hidden cell would be found by subtraction.

    So what is hidden in a row or column is never one cell alone, nor few together: the next smallest is hidden with it.
    """
    numbers = [[row.questions, *row.parts] for row in rows]
    gone = [[few(n) or few(row.students) for n in line] for row, line in zip(rows, numbers)]
    lines = [[(r, c) for c in range(1, len(numbers[r]))] for r in range(len(rows))]
    if len(rows) > 1:
        lines += [[(r, c) for r in range(len(rows))] for c in range(len(numbers[0]))]
    while any(_cover(numbers, gone, line) for line in lines):
        pass
    return [
        Shown(
            row.key, None if lost[0] else row.questions, None if lost[0] or few(row.students) else row.students,
            tuple(None if lost[c + 1] else n for c, n in enumerate(row.parts)),
        )
        for row, lost in zip(rows, gone)
    ]  # fmt: skip


def _cover(numbers: list[list[int]], gone: list[list[bool]], line: list[tuple[int, int]]) -> bool:
    """Hide one more cell of a line whose hidden ones could be told from the rest; True if one was."""
    lost = [numbers[r][c] for r, c in line if gone[r][c]]
    if not lost or (len(lost) > 1 and not few(sum(lost))):
        return False
    left = sorted((numbers[r][c], r, c) for r, c in line if not gone[r][c] and numbers[r][c] > 0)
    if not left:
        return False
    _, r, c = left[0]
    gone[r][c] = True
    return True
