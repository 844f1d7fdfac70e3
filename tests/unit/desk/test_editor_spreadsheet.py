"""desk.editor.spreadsheet: what spreadsheet programs write is read, and what cannot be is told in plain words."""

from __future__ import annotations

import pytest

from desk.editor.spreadsheet import MOST_BYTES, guarded, read_sheet, unguarded, write_sheet

KNOWN = ("id", "name", "city")


def faults(data: bytes | str) -> list[tuple[int, str, str]]:
    found = read_sheet(data.encode() if isinstance(data, str) else data, KNOWN).faults
    return [(f.row, f.column, f.words) for f in found]


@pytest.mark.parametrize(
    "text",
    [
        "id,name,city\na,Peñón,\n",
        "\ufeffid,name,city\r\na,Peñón,\r\n",
        "id;name;city\r\na;Peñón;\r\n",
        "sep=;\r\nid;name;city\r\na;Peñón;\r\n",
        "id\tname\tcity\na\tPeñón\t\n",
        'ID,"Name",City \n\n"a"," Peñón ",""\n,,\n',
    ],
    ids=["plain", "with a mark and CRLF", "semicolons", "semicolons told", "tabs", "capitals, blanks and empty rows"],
)
def test_the_same_table_however_a_spreadsheet_saved_it(text: str) -> None:
    sheet = read_sheet(text.encode(), KNOWN)
    assert sheet.faults == ()
    assert [row.cells for row in sheet.rows] == [{"id": "a", "name": "Peñón", "city": ""}]
    assert sheet.columns == KNOWN


def test_rows_are_counted_as_the_spreadsheet_counts_them() -> None:
    sheet = read_sheet(b'id,name\na,"two\nlines"\n\nb,x\n', KNOWN)
    assert [(row.number, row.cells["id"]) for row in sheet.rows] == [(2, "a"), (4, "b")]
    assert sheet.columns == ("id", "name")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("id,name\na,Peñón\n".encode("cp1252"), "is not in UTF-8: line 2"),
        ("id,name\na,b\n".encode("utf-16"), "is not in UTF-8: line 1"),
        (b"PK\x03\x04 and the rest of a workbook", "is a workbook, not a table"),
        (b"id,name\na,\x00\n", "is not a text"),
        (b'id,name\na,"never closed\nb,c\n', "a cell is not closed near line"),
        (b"", "there is no column id"),
        (b"id,name\n", "has no rows below the headings"),
        (b"id,name\n" + b"a" * MOST_BYTES, "is larger than 7000 kB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(data: bytes, words: str) -> None:
    ((_, _, told),) = faults(data)
    assert told.startswith(words)


def test_headings_that_are_missing_unknown_or_double_are_named() -> None:
    assert faults("name\nx\n")[0][:2] == (1, "id")
    assert [(row, column) for row, column, _ in faults("id,name,wages,name\na,b,c,d\n")] == [(1, "name"), (1, "wages")]


def test_every_odd_row_is_told_at_once_with_its_number() -> None:
    told = faults("id,name,city,\na,b\nc,d,e,f\ng,caÃ±a,,\nh,i,j,\n")
    assert [(row, column) for row, column, _ in told] == [(2, ""), (3, ""), (4, "name")]
    assert "has 2 cells, there are 4 headings" in told[0][2]


@pytest.mark.parametrize("text", ["=1+1", "+1 360", "@home", "-x", "\tx", "'=1", "''a", "'", "'a", "-12.5", "plain", ""])
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    written = guarded(text)
    assert unguarded(written) == text
    assert not written.startswith(("=", "+", "@", "\t")) and (not written.startswith("-") or text == "-12.5")


def test_what_is_written_reads_again() -> None:
    cells = ["=x", 'say "so"; or, not', "line\nline"]
    (row,) = read_sheet(write_sheet(KNOWN, iter([cells])).encode(), KNOWN).rows
    assert list(row.cells.values()) == cells
