"""Tables with a row a part: a way of asking of an entry, a step of a checklist. Pure.

Those in the file are all that a document has afterwards: of ways of asking in that language, of steps in that order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from desk.editor.cells import FITS, Column, cell, columns_for, value_in
from desk.editor.fields import fields_of
from desk.editor.forms import flat_of
from desk.editor.spreadsheet import Fault, Row, Sheet, write_sheet
from desk.editor.wanted import Wanted
from knowledge.schema import LANGUAGES, Checklist, Document, Entry
from knowledge.store import body_of


@dataclass(frozen=True)
class PhrasingTable:
    stem: str = "phrasings"
    model: type[Document] = Entry
    only_known: bool = True
    columns: tuple[str, ...] = ("entry", "language", "phrasing")

    def text(self, documents: Iterable[Document], fits: Collection[str] = ()) -> str:
        entries = (d for d in documents if isinstance(d, Entry))
        rows = ([e.id, language, line] for e in entries for language in LANGUAGES for line in e.phrasings.in_language(language))
        return write_sheet(self.columns, rows)

    def wanted(self, sheet: Sheet) -> tuple[list[Wanted], list[Fault]]:
        if missing := _missing(self.columns, sheet):
            return [], missing
        faults = [fault for row in sheet.rows for fault in _gaps(row, "entry", "phrasing")]
        for row in sheet.rows:
            if (named := row.cells["language"].lower()) not in LANGUAGES:
                faults.append(Fault(row.number, "language", f"“{named}” is no language here → write en or es"))
        return [_asked(key, rows) for key, rows in _by_document(sheet, "entry").items()], faults


@dataclass(frozen=True)
class StepTable:
    stem: str = "steps"
    model: type[Document] = Checklist
    only_known: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        return ("checklist", *(column.name for column in self._inner()), FITS.name)

    def text(self, documents: Iterable[Document], fits: Collection[str] = ()) -> str:
        rows = list[list[str]]()
        for checklist in (d for d in documents if isinstance(d, Checklist)):
            flat = flat_of(Checklist, body_of(checklist))
            for number in range(len(checklist.steps)):
                cells = [cell(column, flat.get(f"steps.{number}.{column.leaf}", "")) for column in self._inner()]
                rows.append([checklist.id, *cells, "yes" if checklist.id in fits else ""])
        return write_sheet(self.columns, rows)

    def wanted(self, sheet: Sheet) -> tuple[list[Wanted], list[Fault]]:
        if missing := _missing(self.columns, sheet):
            return [], missing
        faults = [fault for row in sheet.rows for fault in _gaps(row, "checklist", "id")]
        return [self._of(key, rows) for key, rows in _by_document(sheet, "checklist").items()], faults

    def _of(self, key: str, rows: list[Row]) -> Wanted:
        flat = {f"steps.{n}.{c.leaf}": value_in(c, row.cells[c.name]) for n, row in enumerate(rows) for c in self._inner()}
        if any(value_in(FITS, row.cells[FITS.name]) for row in rows):
            flat[FITS.leaf] = "true"
        return Wanted(key, rows[0].number, flat, "steps.", tuple(rows))

    @staticmethod
    def _inner() -> list[Column]:
        steps = next(field for field in fields_of(Checklist) if field.name == "steps")
        return [column for field in steps.inner for column in columns_for(field)]


def _missing(columns: Iterable[str], sheet: Sheet) -> list[Fault]:
    names = [name for name in columns if name not in sheet.columns]
    return [Fault(1, name, "this column is missing → keep the headings as they were downloaded") for name in names]


def _by_document(sheet: Sheet, column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in sheet.rows:
        found.setdefault(row.cells[column], []).append(row)
    return found


def _asked(key: str, rows: list[Row]) -> Wanted:
    lines = {language: [row.cells["phrasing"] for row in rows if row.cells["language"].lower() == language] for language in LANGUAGES}
    flat = {f"phrasings.{language}": "\n".join(re.sub(r"\s*[\r\n]\s*", " ", line) for line in found) for language, found in lines.items() if found}
    return Wanted(key, rows[0].number, flat, rows=tuple(rows))


def _gaps(row: Row, *names: str) -> Iterator[Fault]:
    for name in names:
        if not row.cells.get(name):
            yield Fault(row.number, name, "is empty → fill it in, or take the row out")
