"""Counts, and tables made of them: plain values."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass

KINDS: dict[str, tuple[str, ...]] = {
    "answered": ("answered", "pathway", "checklist"),
    "asked back": ("clarify",),
    "no answer": ("not_covered",),
    "not ours": ("out_of_scope",),
    "to a person": ("handoff",),
    "safety or privacy": ("crisis", "privacy"),
}
"""What becomes of a question, in words, and the outcomes that are counted under it."""
HIDDEN = "hidden"
"""Not “fewer than 5”: what would give such a number away is hidden with it, and may be large."""


@dataclass(frozen=True)
class Span:
    """From `since` up to, not including, `until`."""

    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class Counted:
    """`parts`: how many of the questions became each of KINDS, in that order."""

    key: str | None
    questions: int
    students: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Wait:
    """`minutes` until a person came; None if nobody did."""

    language: str
    county: str | None
    conversation_id: str
    reason: str
    minutes: float | None


@dataclass(frozen=True)
class Misses:
    topic: str | None
    before: int
    now: int


Cell = int | float | str | None
"""None: too few to show."""


@dataclass(frozen=True)
class Table:
    """As it is shown and as it is exported: small cells are gone from it already. `rows`: a label and a cell a column."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    note: str = ""

    def csv(self) -> str:
        """With a header row. A label that a spreadsheet would calculate is told apart by an apostrophe."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([self.title, *self.columns])
        for label, cells in self.rows:
            writer.writerow([f"'{label}" if label[:1] in "=+-@\t" else label, *(HIDDEN if cell is None else cell for cell in cells)])
        return out.getvalue()
