"""A document's flat values as the cells of a row, and back, as people and spreadsheets write them. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from desk.editor.fields import Field, Shape, fields_of, is_dated, leaves_of
from desk.editor.forms import Flat
from knowledge.schema import Document, FactKind

_YES, _NO = frozenset({"yes", "true", "x", "1", "sí", "si"}), frozenset({"no", "false", "0"})
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_AMERICAN_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00(:00)?")


@dataclass(frozen=True)
class Column:
    """`leaf`: the flat value that stands in it."""

    name: str
    leaf: str
    field: Field
    default: str


FITS = Column("spanish_fits", "spanish_fits", Field("spanish_fits", Shape.TICK, "The Spanish still says the same"), "")
"""A tick for whoever changed the English only; it is no part of the document, and empty in a download."""


@cache
def columns_of(model: type[Document]) -> tuple[Column, ...]:
    """The columns of a kind, long lists last. Its parts have a table of their own, and the days of writing are kept by the program."""
    fields = sorted((f for f in fields_of(model) if f.shape not in (Shape.MANY, Shape.WRITTEN)), key=lambda f: f.shape is Shape.TWO_LINES)
    found = [column for field in fields for column in columns_for(field, model.model_fields[field.name].default is True)]
    return tuple([*found, FITS] if is_dated(model) else found)


def columns_for(field: Field, ticked: bool = False) -> list[Column]:
    """`ticked`: what an empty cell means."""
    return [Column(leaf.replace(".", "_"), leaf, field, "true" if ticked else "") for leaf in leaves_of(field)]


def cell(column: Column, text: str) -> str:
    """Several names stand with ``;`` between, several lines of words (which may hold a ``;``) below each other; a tick is yes or no."""
    if column.field.shape in (Shape.LINES, Shape.CHOICES):
        return ";".join(text.split("\n"))
    if column.field.shape is Shape.TICK:
        return "yes" if text == "true" else "" if column is FITS else "no"
    return text


def flat_row(model: type[Document], cells: dict[str, str]) -> Flat:
    """The values of a row, as a form would post them; columns that are not in the file are left out."""
    flat = {column.leaf: value_in(column, cells[column.name]) for column in columns_of(model) if column.name in cells}
    if flat.get("type") == FactKind.DATE and flat.get("value"):
        flat["value"] = _day(flat["value"])
    return flat


def value_in(column: Column, written: str) -> str:
    """What a cell says, as a form would post it."""
    text = written.replace("\r\n", "\n").replace("\r", "\n").strip()
    match column.field.shape:
        case Shape.LINES | Shape.CHOICES:
            return "\n".join(part.strip() for part in re.split(r"[;\n]", text) if part.strip())
        case Shape.TWO_LINES:
            return "\n".join(line.strip() for line in text.split("\n") if line.strip())
        case Shape.TICK:
            return {**dict.fromkeys(_YES, "true"), **dict.fromkeys(_NO, ""), "": column.default}.get(text.lower(), text)
        case Shape.DATE:
            return _day(text)
        case Shape.NUMBER:
            return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
        case _:
            return text


def _day(text: str) -> str:
    """Spreadsheets rewrite days: 11/23/2026 is month, day, year, as written here in Washington."""
    if found := _MIDNIGHT.fullmatch(text):
        return found[1]
    if not (found := _AMERICAN_DAY.fullmatch(text)):
        return text
    try:
        return dt.date(int(found[3]), int(found[1]), int(found[2])).isoformat()
    except ValueError:
        return text
