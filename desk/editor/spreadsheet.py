"""A table as a spreadsheet program saved it: bytes to rows of cells, with every fault told in plain words. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_BYTES = 7_000_000
SEPARATORS = (",", ";", "\t")
_SAVE_AGAIN = "save it again as “CSV UTF-8 (Comma delimited)”, or as CSV with the character set UTF-8"
_BROKEN = re.compile("[ÃÂ][\u0080-\u00bf]|â€|\ufffd")
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_FIGURE = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Fault:
    """`row` as the spreadsheet numbers it, the heading is row 1; 0 for the whole file. `column` is empty for a whole row."""

    row: int
    column: str
    words: str


@dataclass(frozen=True)
class Row:
    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """`columns`: those of the file that are known. With `faults`, `rows` holds what could be read nevertheless."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_sheet(data: bytes, known: Sequence[str]) -> Sheet:
    """The rows of a file whose headings should be among `known`, of which the first names the row."""
    text, words = _decoded(data)
    if words:
        return _refused(words)
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\r?", first):  # how Excel is told the separator
        text = rest
    separator = max(SEPARATORS, key=lambda mark: len(set(_headings(text, mark)) & set(known)))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return _refused(f"a cell is not closed near line {_broken_line(text, separator)} → look for a quotation mark there and {_SAVE_AGAIN}")
    headings = [_heading(cell) for cell in lines[0]] if lines else []
    faults = list(_faults_of_headings(headings, known))
    rows: list[Row] = []
    for number, cells in enumerate(lines[1:], 2) if not faults else ():
        if any(cell.strip() for cell in cells):
            faults += _faults_of_cells(number, cells, headings)
            rows.append(Row(number, {name: unguarded(cell.strip()) for name, cell in zip(headings, cells) if name}))
    if not faults and not rows:
        return _refused("has no rows below the headings")
    return Sheet(tuple(name for name in known if name in headings), tuple(rows), tuple(faults))


def write_sheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """No cell of it can be taken for a formula; `read_sheet` gives the same texts back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def guarded(text: str) -> str:
    """A spreadsheet runs what begins with = + - @; an apostrophe before it makes it plain text. Figures may stay."""
    return f"'{text}" if (text.startswith(_RISKY) and not _FIGURE.fullmatch(text)) or _is_guarded(text) else text


def unguarded(text: str) -> str:
    return text[1:] if _is_guarded(text) else text


def _is_guarded(text: str) -> bool:
    return text[:1] == "'" and text[1:].startswith((*_RISKY, "'"))


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, or what is wrong with the file."""
    if len(data) > MOST_BYTES:
        return "", f"is larger than {MOST_BYTES // 1000} kB → upload it in parts; rows that are not in a file stay as they are"
    if data.startswith(b"PK"):
        return "", f"is a workbook, not a table → {_SAVE_AGAIN}"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", f"is not in UTF-8: line {line} has a letter in another character set, as Excel's plain “CSV” does → {_SAVE_AGAIN}"
    return (text, "") if "\x00" not in text else ("", f"is not a text → {_SAVE_AGAIN}")


def _headings(text: str, separator: str) -> list[str]:
    try:
        return [_heading(cell) for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])]
    except csv.Error:
        return []


def _heading(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def _broken_line(text: str, separator: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    last = 1
    try:
        for _ in reader:
            last = reader.line_num + 1
    except csv.Error:
        pass
    return last


def _faults_of_headings(headings: list[str], known: Sequence[str]) -> Iterator[Fault]:
    if known[0] not in headings:
        yield Fault(1, known[0], f"there is no column {known[0]} → keep the row of headings as it was downloaded")
        return
    for name in dict.fromkeys(headings):
        if name and name not in known:
            yield Fault(1, name, f"there is no such column here → take it out, or call it one of {', '.join(known)}")
        elif name and headings.count(name) > 1:
            yield Fault(1, name, "stands twice → keep one of them")


def _faults_of_cells(number: int, cells: list[str], headings: list[str]) -> Iterator[Fault]:
    if len(cells) < len(headings):
        yield Fault(number, "", f"has {len(cells)} cells, there are {len(headings)} headings → fill it up, or look for a quotation mark before it")
    if any(cell.strip() for name, cell in zip([*headings, *[""] * len(cells)], cells) if not name):
        yield Fault(number, "", "has a cell without a heading above it → look for a separator inside a cell, or give the column its heading")
    for name, cell in zip(headings, cells):
        if found := _BROKEN.search(cell):
            yield Fault(number, name, f"has broken letters (“{found[0]}”) → open the downloaded file as UTF-8 and {_SAVE_AGAIN}")


def _refused(words: str) -> Sheet:
    return Sheet((), (), (Fault(0, "", words),))
