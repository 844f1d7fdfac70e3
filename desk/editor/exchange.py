"""The tables that knowledge is taken away and brought in as: one row a document, or one row a way of asking. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from desk.editor.cells import Column, cell, columns_of, flat_row
from desk.editor.fields import Shape
from desk.editor.forms import Flat, flat_of
from desk.editor.spreadsheet import Fault, Row, Sheet, write_sheet
from knowledge.pathways_schema import TABLES as PATHWAYS
from knowledge.schema import LANGUAGES, Document, Entry, Fact, Source
from knowledge.store import body_of


@dataclass(frozen=True)
class Wanted:
    """What the file says about one document. `row`: its first row. `lines`: (text, row) of each of its ways of asking."""

    key: str
    row: int
    flat: Flat
    lines: tuple[tuple[str, int], ...] = ()

    def at(self, name: str, words: str) -> tuple[int, str]:
        """The row and column that a remark about a field belongs to."""
        if self.lines:
            return next((row for text, row in self.lines if f"“{text}”" in words), self.row), "phrasing"
        return self.row, "" if name == "document" else name.split(".")[0]


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

    def text(self, documents: Iterable[Document]) -> str:
        """The table as a file."""

    def wanted(self, sheet: Sheet) -> tuple[list[Wanted], list[Fault]]:
        """What each document named in the file is to be."""


@dataclass(frozen=True)
class DocumentTable:
    stem: str
    model: type[Document]
    only_known: bool = field(default=False, init=False)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in columns_of(self.model))

    def text(self, documents: Iterable[Document]) -> str:
        flats = (flat_of(self.model, body_of(document)) for document in documents)
        return write_sheet(self.columns, ([cell(column, flat.get(column.leaf, "")) for column in columns_of(self.model)] for flat in flats))

    def wanted(self, sheet: Sheet) -> tuple[list[Wanted], list[Fault]]:
        found, faults, seen = list[Wanted](), list[Fault](), dict[str, int]()
        for row in sheet.rows:
            key = row.cells.get("id", "")
            if not key:
                faults.append(Fault(row.number, "id", "is empty → every row needs its name; a new one is made of small letters, digits and -"))
            elif key in seen:
                faults.append(Fault(row.number, "id", f"“{key}” stands in row {seen[key]} already → keep one of them"))
            seen.setdefault(key, row.number)
            found.append(Wanted(key, row.number, flat := flat_row(self.model, row.cells)))
            faults += _odd_ticks(columns_of(self.model), flat, row)
        return found, faults


@dataclass(frozen=True)
class PhrasingTable:
    """The ways of asking of entries: those in the file are all that an entry has afterwards in that language."""

    stem: str = "phrasings"
    model: type[Document] = Entry
    only_known: bool = True
    columns: tuple[str, ...] = ("entry", "language", "phrasing")

    def text(self, documents: Iterable[Document]) -> str:
        entries = (d for d in documents if isinstance(d, Entry))
        rows = ([e.id, language, line] for e in entries for language in LANGUAGES for line in e.phrasings.in_language(language))
        return write_sheet(self.columns, rows)

    def wanted(self, sheet: Sheet) -> tuple[list[Wanted], list[Fault]]:
        faults = [fault for row in sheet.rows for fault in _gaps(row)]
        if missing := [name for name in self.columns if name not in sheet.columns]:
            return [], [Fault(1, name, "this column is missing → keep the headings as they were downloaded") for name in missing]
        by_entry: dict[str, list[Row]] = {}
        for row in sheet.rows:
            by_entry.setdefault(row.cells["entry"], []).append(row)
        return [_asked(key, rows) for key, rows in by_entry.items()], faults


TABLES: Mapping[str, Table] = {
    **{stem: DocumentTable(stem, PATHWAYS[stem]) for stem in ("programs", "occupations", "organizations", "counties")},
    "facts": DocumentTable("facts", Fact),
    "sources": DocumentTable("sources", Source),
    "phrasings": PhrasingTable(),
}


def _asked(key: str, rows: list[Row]) -> Wanted:
    lines = {language: [row.cells["phrasing"] for row in rows if row.cells["language"].lower() == language] for language in LANGUAGES}
    flat = {f"phrasings.{language}": "\n".join(re.sub(r"\s*[\r\n]\s*", " ", line) for line in found) for language, found in lines.items() if found}
    return Wanted(key, rows[0].number, flat, tuple((row.cells["phrasing"], row.number) for row in rows))


def _gaps(row: Row) -> Iterator[Fault]:
    for name in ("entry", "phrasing"):
        if not row.cells.get(name):
            yield Fault(row.number, name, "is empty → fill it in, or take the row out")
    if row.cells.get("language", "").lower() not in LANGUAGES:
        yield Fault(row.number, "language", f"“{row.cells.get('language', '')}” is no language here → write en or es")


def _odd_ticks(columns: Iterable[Column], flat: Flat, row: Row) -> Iterator[Fault]:
    for column in columns:
        if column.field.shape is Shape.TICK and (written := flat.get(column.leaf, "")) not in ("true", ""):
            yield Fault(row.number, column.name, f"“{written}” is neither yes nor no")
