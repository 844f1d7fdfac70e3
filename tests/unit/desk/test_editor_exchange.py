"""desk.editor.exchange, part_tables, wanted and cells: import(export(x)) changes nothing, for every table and whatever stands in the cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.editor.exchange import TABLES
from desk.editor.fields import Shape, fields_of
from desk.editor.forms import Flat, flat_of, read, redated
from desk.editor.part_tables import ChecklistTable, PhrasingTable
from desk.editor.spreadsheet import read_sheet
from desk.editor.wanted import Table, Wanted
from knowledge import content_files
from knowledge.kinds import KINDS
from knowledge.pathways_schema import Program
from knowledge.schema import Checklist, Document, Entry, Fact
from knowledge.store import body_of

LATER = dt.date(2030, 1, 1)


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
        before = flat_of(table.model, body_of(known[one.key]))
        document, wrong = read(table.model, redated(table.model, before, one.over(before), LATER))
        assert document is not None, wrong
        found.append(document)
    return found


@pytest.mark.parametrize("stem", TABLES)
def test_all_that_ships_comes_back_as_it_was(stem: str) -> None:
    table = TABLES[stem]
    assert again(table, shipped(table.model)) == shipped(table.model)


WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=40).filter(lambda t: t.strip() == t)
CELLS = st.one_of(WORDS, st.sampled_from(["=SUM(A1)", "+1 360", "-x", "@a", "'", "'=", "''", 'a"b', "a,b;c", "sí", "TRUE", "11/23/2026", "-5", "01"]))

PROSE = st.lists(CELLS, min_size=1, max_size=3).map("\n\n".join)


def changed(document: Document, data: st.DataObject) -> Document | None:
    """The document with anything at all in its free texts; None where its own rules forbid that."""
    body: dict[str, Any] = body_of(document)
    for field in fields_of(type(document)):
        if field.shape is Shape.LINE and data.draw(st.booleans()) and field.refers is None:
            body[field.name] = data.draw(CELLS)
        elif field.shape is Shape.LINES and field.refers is None:
            body[field.name] = data.draw(st.lists(CELLS, max_size=3))
        elif field.shape is Shape.TWO_LINES:
            body[field.name] = {"en": data.draw(st.lists(CELLS, min_size=1, max_size=3)), "es": data.draw(st.lists(CELLS, min_size=1, max_size=3))}
        elif field.shape is Shape.TEXT:
            body[field.name] = {"en": data.draw(PROSE), "es": data.draw(PROSE)}
        elif field.name == "steps":
            body[field.name] = [
                {**step, "title": {"en": data.draw(CELLS), "es": data.draw(CELLS)}, "why": {"en": data.draw(PROSE), "es": data.draw(PROSE)}}
                for step in data.draw(st.permutations(body[field.name]))
            ]
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
    assert (program.at("answer.en", ""), program.at("sources.0", "")) == ((2, "answer_en"), (2, "sources"))


NEEDED = "id,topic,title_en,title_es,step_id,step_title_en,step_title_es,step_why_en,step_why_es,step_have_ready_en,step_have_ready_es,step_link,step_when_en,step_when_es"


def steps(*rows: str) -> list[Wanted]:
    """What a table says whose rows begin with these cells; the others are empty."""
    filled = [row + "," * (NEEDED.count(",") - row.count(",")) for row in rows]
    wanted, found = ChecklistTable().wanted(read_sheet("\n".join([NEEDED, *filled]).encode(), ChecklistTable().columns))
    assert found == []
    return wanted


def faults_of_steps(*rows: str) -> list[tuple[int, str]]:
    return faults("checklists", "\n".join([NEEDED, *(row + "," * (NEEDED.count(",") - row.count(",")) for row in rows)]))


BEFORE = {"id": "a", "title.en": "kept", "steps.0.id": "first", "steps.1.id": "second", "steps.2.id": "gone"}


def test_the_steps_in_the_file_are_all_that_a_checklist_has_in_that_order() -> None:
    (wanted,) = steps("a,,,,second,Two,Dos", "a,,,,first,One,Uno")
    after = wanted.over(BEFORE)
    assert {n: t for n, t in after.items() if n.endswith("id") or n == "title.en"} == {
        "id": "a",
        "title.en": "kept",
        "steps.0.id": "second",
        "steps.1.id": "first",
    }
    assert wanted.at("steps.1.title.es", "") == (3, "step_title_es") and wanted.at("steps", "needs more") == (2, "steps")


def test_a_new_checklist_begins_with_what_counts_for_the_whole_in_its_first_row() -> None:
    (wanted,) = steps("new,aid,Title,Título,one,One,Uno", "new,,,,two,Two,Dos")
    after = wanted.over({})
    assert (after["id"], after["topic"], after["title.es"], after["steps.1.id"]) == ("new", "aid", "Título", "two")


def test_a_row_without_a_step_leaves_the_steps_alone() -> None:
    (wanted,) = steps("a,aid,Other,Otro")
    after = wanted.over(BEFORE)
    assert (after["title.en"], after["steps.2.id"]) == ("Other", "gone")
    (wanted,), found = ChecklistTable().wanted(read_sheet(b"id,title_en\na,Other\n", ChecklistTable().columns))
    assert found == [] and wanted.over(BEFORE)["steps.2.id"] == "gone"


def test_what_is_missing_or_said_twice_in_a_checklist_is_told_by_row() -> None:
    assert faults_of_steps(",,,,first,One,Uno", "a,,,,,One,Uno") == [(2, "id"), (3, "step_id")]
    assert faults_of_steps("a,aid,T,T,one,One,Uno", "a,work,T,,two,Two,Dos") == [(3, "topic")]
    _, found = ChecklistTable().wanted(read_sheet(b"id,step_id\na,b\n", ChecklistTable().columns))
    assert found[0].row == 1 and "missing" in found[0].words


def test_the_day_of_writing_moves_only_where_words_changed() -> None:
    known = next(d for d in shipped(Entry))
    before = flat_of(Entry, body_of(known))
    text = f'id,answer_es\n{known.key},"Otra respuesta."\n'
    (wanted,), _ = TABLES["answers"].wanted(read_sheet(text.encode(), TABLES["answers"].columns))
    after = redated(Entry, before, wanted.over(before), LATER)
    assert (after["written.en"], after["written.es"]) == (before["written.en"], LATER.isoformat())


def test_the_tables_together_hold_every_field_of_every_kind() -> None:
    """But the days of writing, which the program keeps."""
    held: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for table in TABLES.values():
        held[table.model.kind] |= {column.removesuffix("_en").removesuffix("_es") for column in table.columns} | set(table.columns)
        held[table.model.kind] |= {"steps"} if table.model is Checklist else set()
    assert {
        kind: set(model.model_fields) - held[kind] - {"written"}
        for kind, model in KINDS.items()
        if set(model.model_fields) - held[kind] - {"written"}
    } == {}


def test_every_table_names_its_kind() -> None:
    assert {table.stem: table.model for table in TABLES.values()}["programs"] is Program
    assert {table.stem for table in TABLES.values() if table.only_known} == {"phrasings"}
    assert {column.split("_")[0] for column in TABLES["facts"].columns} == {name.split("_")[0] for name in Fact.model_fields}
