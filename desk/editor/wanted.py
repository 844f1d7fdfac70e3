"""What a file says about each document, and what a table is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from desk.editor.cells import FITS
from desk.editor.forms import Flat
from desk.editor.spreadsheet import Fault, Row, Sheet
from knowledge.schema import Document


@dataclass(frozen=True)
class Wanted:
    """`row`: its first row. `part`: how the values begin that the file says wholly. `rows`: those of its parts, in order."""

    key: str
    row: int
    flat: Flat
    part: str = ""
    rows: tuple[Row, ...] = ()

    @property
    def spanish_fits(self) -> bool:
        return self.flat.get(FITS.leaf) == "true"

    def over(self, before: Flat) -> Flat:
        """All values afterwards: what the file does not speak of stays as it is."""
        kept = {name: text for name, text in before.items() if not self.part or not name.startswith(self.part)}
        return kept | {name: text for name, text in self.flat.items() if name != FITS.leaf}

    def at(self, name: str, words: str) -> tuple[int, str]:
        """The row and column that a remark about a field belongs to."""
        if name == "written.es":
            return self.row, FITS.name
        steps = name.split(".")
        if self.part and name.startswith(self.part) and len(steps) > 2:
            numbers = {mark: row.number for n, row in enumerate(self.rows) for mark in (row.cells.get("step_id", ""), str(n))}
            return numbers.get(steps[1], self.row), "_".join(["step", *steps[2:]])
        if self.rows and not self.part:
            return next((row.number for row in self.rows if f"“{row.cells['phrasing']}”" in words), self.row), "phrasing"
        joined = "_".join(steps[:2])
        return self.row, "" if name == "document" else joined if joined.endswith(("_en", "_es")) else steps[0]


class Table(Protocol):
    """`only_known`: may it not begin new documents?"""

    @property
    def stem(self) -> str: ...

    @property
    def model(self) -> type[Document]: ...

    @property
    def only_known(self) -> bool: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    def text(self, documents: Iterable[Document], fits: Collection[str] = ()) -> str:
        """The table as a file. `fits`: the keys of those whose Spanish still says the same."""

    def wanted(self, sheet: Sheet) -> tuple[list[Wanted], list[Fault]]:
        """What each document named in the file is to be."""
