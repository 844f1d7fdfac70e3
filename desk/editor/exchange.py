"""The tables that knowledge is taken away and brought in as; together they hold every kind of document. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from desk.editor.cells import FITS, Column, cell, columns_of, flat_row
from desk.editor.fields import Shape
from desk.editor.forms import Flat, flat_of
from desk.editor.part_tables import ChecklistTable, PhrasingTable
from desk.editor.spreadsheet import Fault, Row, Sheet, write_sheet
from desk.editor.wanted import Table, Wanted
from knowledge.pathways_schema import TABLES as PATHWAYS
from knowledge.schema import Document, Entry, Fact, Refusal, Source, Topic, Wording
from knowledge.store import body_of


@dataclass(frozen=True)
class DocumentTable:
    """One row a document."""

    stem: str
    model: type[Document]
    only_known: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in columns_of(self.model))

    def text(self, documents: Iterable[Document], fits: Collection[str] = ()) -> str:
        flats = (flat_of(self.model, body_of(d)) | {FITS.leaf: "true" if d.key in fits else ""} for d in documents)
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


_WHOLE: Mapping[str, type[Document]] = {
    "answers": Entry, "topics": Topic, "facts": Fact, "sources": Source, "wordings": Wording, "refusals": Refusal,
    **{stem: PATHWAYS[stem] for stem in ("programs", "occupations", "organizations", "counties")},
}  # fmt: skip
_BY_PART: tuple[Table, ...] = (PhrasingTable(), ChecklistTable())

TABLES: Mapping[str, Table] = {
    **{stem: DocumentTable(stem, model) for stem, model in _WHOLE.items()},
    **{table.stem: table for table in _BY_PART},
}


def _odd_ticks(columns: Iterable[Column], flat: Flat, row: Row) -> Iterator[Fault]:
    for column in columns:
        if column.field.shape is Shape.TICK and (written := flat.get(column.leaf, "")) not in ("true", ""):
            yield Fault(row.number, column.name, f"“{written}” is neither yes nor no")
