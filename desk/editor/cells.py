"""A document's flat values as the cells of a row, and back, as people and spreadsheets write them. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from desk.editor.fields import Field, Shape, fields_of, leaves_of
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


@cache
def columns_of(model: type[Document]) -> tuple[Column, ...]:
    """The columns of a kind whose fields all fit into cells. Raises ValueError for one that has parts."""
    found = []
    for field in fields_of(model):
        if field.shape in (Shape.MANY, Shape.WRITTEN, Shape.TWO_LINES):
            raise ValueError(f"{model.kind}.{field.name} does not fit into a cell")
        default = "true" if model.model_fields[field.name].default is True else ""
        found += [Column(leaf.replace(".", "_"), leaf, field, default) for leaf in leaves_of(field)]
    return tuple(found)


def cell(column: Column, text: str) -> str:
    """Several values stand with ``;`` between, a tick is yes or no."""
    if column.field.shape in (Shape.LINES, Shape.CHOICES):
        return ";".join(text.split("\n"))
    if column.field.shape is Shape.TICK:
        return "yes" if text == "true" else "no"
    return text


def flat_row(model: type[Document], cells: dict[str, str]) -> Flat:
    """The values of a row, as a form would post them; columns that are not in the file are left out."""
    flat = {column.leaf: _text(column, cells[column.name]) for column in columns_of(model) if column.name in cells}
    if flat.get("type") == FactKind.DATE and flat.get("value"):
        flat["value"] = _day(flat["value"])
    return flat


def _text(column: Column, written: str) -> str:
    text = written.replace("\r\n", "\n").replace("\r", "\n").strip()
    match column.field.shape:
        case Shape.LINES | Shape.CHOICES:
            return "\n".join(part.strip() for part in re.split(r"[;\n]", text) if part.strip())
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
