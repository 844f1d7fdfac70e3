"""desk.editor.exchange and desk.editor.cells: import(export(x)) changes nothing, for every table and whatever stands in the cells."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.editor.exchange import TABLES, PhrasingTable, Table
from desk.editor.fields import Shape, fields_of
from desk.editor.forms import Flat, flat_of, read
from desk.editor.spreadsheet import read_sheet
from knowledge import content_files
from knowledge.pathways_schema import Program
from knowledge.schema import Document, Entry, Fact
from knowledge.store import body_of


@cache
def shipped(model: type[Document]) -> list[Document]:
    return list(content_files.read_or_raise().of(model).values())


def again(table: Table, documents: Iterable[Document]) -> list[Document]:
    """The documents as an upload of their own download would make them."""
    known = {d.key: d for d in documents}
    wanted, faults = table.wanted(read_sheet(table.text(known.values()).encode("utf-8-sig"), table.columns))
    assert faults == []
    found = []
    for one in wanted:
        document, wrong = read(table.model, {**flat_of(table.model, body_of(known[one.key])), **one.flat})
        assert document is not None, wrong
        found.append(document)
    return found


@pytest.mark.parametrize("stem", TABLES)
def test_all_that_ships_comes_back_as_it_was(stem: str) -> None:
    table = TABLES[stem]
    assert again(table, shipped(table.model)) == shipped(table.model)


WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=40).filter(lambda t: t.strip() == t)
CELLS = st.one_of(WORDS, st.sampled_from(["=SUM(A1)", "+1 360", "-x", "@a", "'", "'=", "''", 'a"b', "a,b;c", "sí", "TRUE", "11/23/2026", "-5", "01"]))


def changed(document: Document, data: st.DataObject) -> Document | None:
    """The document with anything at all in its free texts; None where its own rules forbid that."""
    body: dict[str, Any] = body_of(document)
    for field in fields_of(type(document)):
        if field.shape is Shape.LINE and data.draw(st.booleans()) and field.refers is None:
            body[field.name] = data.draw(CELLS)
        elif field.shape is Shape.LINES and field.refers is None:
            body[field.name] = data.draw(st.lists(CELLS, max_size=3))
        elif field.shape is Shape.TWO_LINES:
            body[field.name] = {"en": data.draw(st.lists(WORDS, min_size=1, max_size=3)), "es": data.draw(st.lists(WORDS, min_size=1, max_size=3))}
    try:
        return type(document).model_validate(body)
    except ValueError:
        return None


@pytest.mark.parametrize("stem", TABLES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_the_cells_comes_back(stem: str, data: st.DataObject) -> None:
    table = TABLES[stem]
    documents = [
        made
        for original in data.draw(st.lists(st.sampled_from(shipped(table.model)), max_size=3, unique_by=lambda d: d.key))
        if (made := changed(original, data))
    ]
    documents = list({d.key: d for d in documents}.values())
    if documents:
        assert again(table, documents) == documents


def flat(stem: str, text: str) -> Flat:
    table = TABLES[stem]
    wanted, faults = table.wanted(read_sheet(text.encode(), table.columns))
    assert faults == []
    return wanted[0].flat


def test_cells_are_read_as_spreadsheets_and_people_write_them() -> None:
    read_as = flat("programs", "id,counties,high_school,confirm,checked_on\na,king ; pierce,TRUE,,11/23/2026\n")
    assert read_as == {"id": "a", "counties": "king\npierce", "high_school": "true", "confirm": "", "checked_on": "2026-11-23"}
    assert flat("occupations", 'id,wage_usd\na,"62,350"\n')["wage_usd"] == "62350"
    assert flat("sources", "id,show\na,\n")["show"] == "true", "an empty cell means what it means in a file without it"
    assert flat("facts", "id,type,value\na,date,6/30/2027\n")["value"] == "2027-06-30"
    assert flat("facts", "id,type,value\na,text,6/30/2027\n")["value"] == "6/30/2027"
    assert flat("counties", "id,latitude\na,2026-01-02 00:00:00\n")["latitude"] == "2026-01-02 00:00:00"
    assert flat("programs", "id,checked_on\na,2026-11-23 00:00:00\n")["checked_on"] == "2026-11-23"
    assert flat("programs", "id,checked_on\na,13/45/2026\n")["checked_on"] == "13/45/2026"


def faults(stem: str, text: str) -> list[tuple[int, str]]:
    table = TABLES[stem]
    return [(f.row, f.column) for f in table.wanted(read_sheet(text.encode(), table.columns))[1]]


def test_names_missing_or_double_and_odd_ticks_are_told_by_row() -> None:
    assert faults("programs", "id,confirm\na,\n,yes\na,perhaps\n") == [(3, "id"), (4, "id"), (4, "confirm")]


def test_ways_of_asking_need_all_three_cells_and_a_language_spoken_here() -> None:
    assert faults("phrasings", "entry,language,phrasing\na.cost,en,\n,es,x\na.cost,fr,x\n") == [(2, "phrasing"), (3, "entry"), (4, "language")]
    assert faults("phrasings", "entry,phrasing\na.cost,x\n") == [(1, "language")]


def test_a_language_without_a_row_keeps_its_ways_of_asking() -> None:
    assert flat("phrasings", "entry,language,phrasing\na.cost,EN,how much\na.cost,en,price\n") == {"phrasings.en": "how much\nprice"}


def test_a_remark_finds_its_row_and_column() -> None:
    table = PhrasingTable()
    (wanted,), _ = table.wanted(read_sheet(b"entry,language,phrasing\na.cost,en,one\na.cost,en,two\n", table.columns))
    assert wanted.at("phrasings.en", "“two” also belongs to b") == (3, "phrasing")
    assert wanted.at("phrasings.en", "2 phrasings, fewer than 8") == (2, "phrasing")
    (program,), _ = TABLES["programs"].wanted(read_sheet(b"id\na\n", ("id",)))
    assert (program.at("counties.0", ""), program.at("document", "")) == ((2, "counties"), (2, ""))


def test_every_table_names_its_kind() -> None:
    assert {table.stem: table.model for table in TABLES.values()}["programs"] is Program
    assert {table.model for table in TABLES.values() if table.only_known} == {Entry}
    assert {column.split("_")[0] for column in TABLES["facts"].columns} == {name.split("_")[0] for name in Fact.model_fields}
