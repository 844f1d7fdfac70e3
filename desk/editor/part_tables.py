"""Tables with a row a part: a way of asking of an entry, a step of a checklist. Pure.

Those in the file are all that a document has afterwards: of ways of asking in that language, of steps in that order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from desk.editor.cells import FITS, Column, cell, columns_for, columns_of, value_in
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
class ChecklistTable:
    """A row a step. What belongs to the whole checklist stands in its first row; where those cells are all empty it stays as it is."""

    stem: str = "checklists"
    model: type[Document] = Checklist
    only_known: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return ("id", *(column.name for column in _HEAD), *_STEP, FITS.name)

    def text(self, documents: Iterable[Document], fits: Collection[str] = ()) -> str:
        rows = list[list[str]]()
        for checklist in (d for d in documents if isinstance(d, Checklist)):
            flat = flat_of(Checklist, body_of(checklist))
            head = [cell(column, flat.get(column.leaf, "")) for column in _HEAD]
            for number in range(len(checklist.steps)):
                cells = [cell(column, flat.get(f"steps.{number}.{column.leaf}", "")) for column in _STEP.values()]
                rows.append([checklist.id, *(head if number == 0 else [""] * len(head)), *cells, "yes" if checklist.id in fits else ""])
        return write_sheet(self.columns, rows)

    def wanted(self, sheet: Sheet) -> tuple[list[Wanted], list[Fault]]:
        faults = [fault for row in sheet.rows for fault in _gaps(row, "id")]
        groups = _by_document(sheet, "id")
        if missing := _missing(_STEP, sheet) if any(name in sheet.columns for name in _STEP) else []:
            return [], missing
        for rows in groups.values():
            faults += [fault for row in rows for fault in _gaps(row, "step_id")] if _speaks_of_steps(rows) else []
            faults += _other_heads(rows)
        return [_checklist(key, rows) for key, rows in groups.items()], faults


def _columns_of_a_step() -> dict[str, Column]:
    steps = next(field for field in fields_of(Checklist) if field.name == "steps")
    return {f"step_{column.name}": column for field in steps.inner for column in columns_for(field)}


_STEP = _columns_of_a_step()
_HEAD = tuple(column for column in columns_of(Checklist) if column.name != "id" and column is not FITS)


def _speaks_of_steps(rows: list[Row]) -> bool:
    return len(rows) > 1 or any(rows[0].cells.get(name) for name in _STEP)


def _other_heads(rows: list[Row]) -> Iterator[Fault]:
    """What a later row says of the whole checklist is the same, or it is not known which is meant."""
    for row in rows[1:]:
        for column in _HEAD:
            if row.cells.get(column.name, "") not in ("", rows[0].cells.get(column.name)):
                yield Fault(
                    row.number, column.name, f"is another one than in row {rows[0].number} → leave it empty here, it counts for the whole checklist"
                )


def _checklist(key: str, rows: list[Row]) -> Wanted:
    first, flat = rows[0].cells, {"id": key}
    if any(first.get(column.name) for column in _HEAD):
        flat |= {column.leaf: value_in(column, first[column.name]) for column in _HEAD if column.name in first}
    steps = _speaks_of_steps(rows)
    for n, row in enumerate(rows if steps else []):
        flat |= {f"steps.{n}.{column.leaf}": value_in(column, row.cells[name]) for name, column in _STEP.items()}
    if any(value_in(FITS, row.cells.get(FITS.name, "")) for row in rows):
        flat[FITS.leaf] = "true"
    return Wanted(key, rows[0].number, flat, "steps." if steps else "", tuple(rows) if steps else ())


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
