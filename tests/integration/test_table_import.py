"""A table changed in a spreadsheet comes back: faults by row, a preview, all published in one transaction or none."""

from __future__ import annotations

import csv
import html
import io

import httpx
import pytest

from desk.editor.exchange import TABLES
from desk.guard import MAX_TABLE
from desk.wiring import Desk
from knowledge import regression
from knowledge.pathways_schema import County, Program
from tests.integration.conftest import SignIn, Wire
from tests.integration.fakes import AbsentBot
from tests.integration.form_reader import fields_of
from tests.integration.people import Staff, Student
from tests.integration.test_staff_edit import answer_to

PAGE = "/desk/exchange"
COUNTIES = [
    County(id=name.lower(), name=name, seat=name, cities=(name,), adjacent=(), latitude=47.0, longitude=-122.0, stem_network="A Network")
    for name in ("King", "Pierce")
]
MANY = 1000


def program(number: int) -> Program:
    url = f"https://example.org/programs/{number}"
    given = {
        "id": f"welding-{number}",
        "name": f"Welding {number}",
        "type": "certificate",
        "provider": f"College {number}",
        "counties": "king",
        "cluster": "construction",
    }
    return Program.model_validate({**given, "url": url, "checked_on": "2026-11-20"})


@pytest.fixture
def desk(knowing_desk: Desk) -> Desk:
    """With two counties and two programs."""
    knowing_desk.knowledge.publish_all([(d, 0) for d in (*COUNTIES, program(1), program(2))], "editor@example.org")
    return knowing_desk


async def downloaded(editor: Staff, stem: str = "programs") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((await editor.http.get(f"{PAGE}/{stem}.csv")).content.decode("utf-8-sig"))))


def saved(rows: list[dict[str, str]], separator: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


async def uploaded(editor: Staff, data: bytes, stem: str = "programs", name: str = "programs.csv") -> httpx.Response:
    return await editor.http.post(
        f"{PAGE}/{stem}", data={"csrf": editor.csrf}, files={"file": (name, data, "text/csv")}, headers={"Accept": "text/html"}
    )


async def agreed(editor: Staff, preview: httpx.Response, stem: str = "programs", **more: str) -> httpx.Response:
    return await editor.submits(f"{PAGE}/{stem}/apply", **{**fields_of(preview.text), **more})


def faults(answer: httpx.Response) -> list[list[str]]:
    """Row, column and words of each fault on the page."""
    assert answer.status_code == 422, answer.text
    text = html.unescape(answer.text)
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    return [
        [part.split("<")[0] for part in row.replace("<code>", "").replace("<td>", '<th scope="row">').split('<th scope="row">')[1:]]
        for row in body.split("<tr>")[1:]
    ]


async def test_what_is_changed_added_and_left_alone_is_shown_before_and_published_at_once(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    rows = await downloaded(editor)
    rows = [{**rows[1], "counties": "king;pierce", "checked_on": "11/27/2026"}, {**rows[1], "id": "new-one", "name": "A new one", "url": ""}]
    before = desk.knowledge.version()
    preview = await uploaded(editor, saved(rows, ";"))
    shown = html.unescape(preview.text)
    assert preview.status_code == 200 and "1 changed" in shown and "1 new" in shown and "1 not in the file" in shown
    assert "<ins>" in shown and "pierce" in shown and "row 2" in shown
    assert desk.knowledge.version() == before, "looking changes nothing"
    answer = await agreed(editor, preview, why="two counties now")
    assert answer.headers["location"] == f"{PAGE}?done=2&stem=programs&sent=False"
    programs = desk.assistant.runtime.snapshot().documents["program"]
    assert set(programs) == {"welding-1", "welding-2", "new-one"}
    changed = programs["welding-2"]
    assert isinstance(changed, Program) and changed.counties == ("king", "pierce") and changed.checked_on.isoformat() == "2026-11-27"
    newest = desk.knowledge.history("program", "welding-2")[0]
    assert (newest.revision, newest.author, newest.why) == (2, "editor@example.org", "two counties now")
    assert desk.knowledge.get("program", "welding-1").revision == 1


async def test_every_fault_is_told_by_row_and_column_at_once_and_nothing_is_published(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    first, second = await downloaded(editor)
    before = desk.knowledge.version()
    rows = [
        {**first, "counties": "kng", "url": "example.org"}, {**second, "counties": ""}, {**first, "name": "again"},
        {**second, "id": "Third One", "type": "course", "checked_on": "soon", "confirm": "maybe"},
    ]  # fmt: skip
    told = faults(await uploaded(editor, saved(rows)))
    assert [(row, column) for row, column, _ in told] == [
        ("2", "url"), ("3", ""), ("4", "id"), ("5", "checked_on"), ("5", "confirm"), ("5", "id"), ("5", "type"),
    ]  # fmt: skip
    assert "is not a day; write it as 2026-11-27" in told[3][2] and "name the counties" in told[1][2]
    mended = [{**first, "counties": "kng"}]
    assert faults(await uploaded(editor, saved(mended)))[0] == [
        "2",
        "counties",
        "unknown county 'kng' → use the id of one that exists, or add it first",
    ]
    assert desk.knowledge.version() == before


async def test_a_file_in_another_character_set_and_no_file_at_all_are_refused_kindly(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    told = faults(await uploaded(editor, "id,name\nwelding-1,Soldadura en Peñón\n".encode("cp1252")))
    assert told[0][0] == "file" and "CSV UTF-8" in told[0][2]
    empty = await editor.http.post(f"{PAGE}/programs", data={"csrf": editor.csrf}, headers={"Accept": "text/html"})
    assert empty.status_code == 422 and "Choose the file first" in empty.text


async def test_what_somebody_changed_since_the_preview_is_named_and_nothing_is_published(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    first, second = await downloaded(editor)
    preview = await uploaded(editor, saved([{**first, "city": "Kent"}, {**second, "city": "Kent"}]))
    desk.knowledge.publish(program(2).model_copy(update={"city": "Renton"}), 1, "another@example.org")
    answer = await agreed(editor, preview)
    assert faults(answer) == [["3", "", "somebody changed it since you saw what would change → upload the file again"]]
    assert desk.knowledge.get("program", "welding-1").revision == 1


async def test_a_draft_somebody_is_writing_is_not_lost(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    desk.knowledge.save_draft(program(1).model_copy(update={"city": "Renton"}), 1, "another@example.org")
    told = faults(await uploaded(editor, saved([{**(await downloaded(editor))[0], "city": "Kent"}])))
    assert told == [["2", "", "another@example.org is writing on it → publish or discard that draft first"]]


async def test_columns_that_are_not_in_the_file_are_named_and_left_as_they_are(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    preview = await uploaded(editor, b"id,city\nwelding-1,Kent\n")
    assert "Not in the file, so left as they are" in preview.text and "<code>provider</code>" in preview.text
    assert (await agreed(editor, preview)).status_code == 303
    assert desk.assistant.runtime.snapshot().documents["program"]["welding-1"] == program(1).model_copy(update={"city": "Kent"})
    assert next(row[:2] for row in faults(await uploaded(editor, b"id,city\nbrand-new,Kent\n"))) == ["2", "checked_on"]


async def test_its_own_download_changes_nothing(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    for stem in (stem for stem, table in TABLES.items() if desk.assistant.runtime.snapshot().documents[table.model.kind]):
        preview = await uploaded(editor, (await editor.http.get(f"{PAGE}/{stem}.csv")).content, stem)
        assert "There is nothing to change" in preview.text, stem


async def test_ways_of_asking_come_back_one_a_row_and_answer_the_next_question(desk: Desk, staff: SignIn, asker: Student) -> None:
    editor = await staff(desk, "editor", PAGE)
    rows = [r for r in await downloaded(editor, "phrasings") if r["entry"] == "trail_start.requirements"]
    rows.append({"entry": "trail_start.requirements", "language": "en", "phrasing": "zorble quux points"})
    assert (await agreed(editor, await uploaded(editor, saved(rows), "phrasings"), "phrasings")).status_code == 303
    assert (await answer_to(desk, asker, "zorble quux points"))["answer"]["entry_id"] == "trail_start.requirements"
    rows[-1] = {**rows[-1], "phrasing": "what is the sunrise grant"}
    rows.append({**rows[-1], "entry": "no.such", "phrasing": "x"})
    told = faults(await uploaded(editor, saved(rows), "phrasings"))
    assert [(row, column) for row, column, _ in told] == [(str(len(rows)), "phrasing"), (str(len(rows) + 1), "entry")]


async def test_what_would_turn_right_answers_wrong_is_stopped_unless_a_reason_is_given(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    question = "zorble quux"
    rows = [r for r in await downloaded(editor, "phrasings") if r["entry"] == "trail_start.requirements"]
    harmless = [*rows, {**rows[0], "language": "en", "phrasing": question}]
    assert (await agreed(editor, await uploaded(editor, saved(harmless), "phrasings"), "phrasings")).status_code == 303
    regression.add(desk.knowledge, question, "en", "trail_start.requirements", "editor@example.org")
    preview = await uploaded(editor, saved(rows), "phrasings")
    stopped = await agreed(editor, preview, "phrasings")
    assert stopped.status_code == 422 and question in stopped.text and "answered differently" in stopped.text
    assert (await agreed(editor, stopped, "phrasings", override="nobody asks that")).status_code == 303
    newest = desk.knowledge.history("entry", "trail_start.requirements")[0]
    assert "nobody asks that" in newest.why


async def test_where_a_second_person_is_needed_one_sends_the_table_and_another_publishes_it(wired: Wire, staff: SignIn) -> None:
    desk = wired(AbsentBot(), publishing_needs_second_person=True)
    desk.knowledge.publish_all([(d, 0) for d in (*COUNTIES, program(1), program(2))], "somebody@example.org")
    editor, admin = await staff(desk, "editor", PAGE), await staff(desk, "admin", PAGE)
    rows = [{**row, "city": "Kent"} for row in await downloaded(editor)]
    for city in ("Kent", "Renton"):  # sent once more, corrected: one's own drafts are written over
        rows = [{**row, "city": city} for row in rows]
        sent = await agreed(editor, await uploaded(editor, saved(rows)))
        assert sent.headers["location"].endswith("done=2&stem=programs&sent=True")
    assert desk.knowledge.get("program", "welding-1").body != desk.knowledge.get("program", "welding-1").draft
    own = await editor.opens(f"{PAGE}/programs/waiting")
    assert "Send all 2 for review" in own.text, "whoever wrote it cannot publish it"
    assert "2 wait for review" in (await admin.opens(PAGE)).text
    waiting = await admin.opens(f"{PAGE}/programs/waiting")
    assert "Publish all 2" in waiting.text and "Draft by editor@example.org" in waiting.text
    assert (await agreed(admin, waiting)).status_code == 303
    assert {desk.knowledge.get("program", key).draft for key in ("welding-1", "welding-2")} == {None}
    assert getattr(desk.assistant.runtime.snapshot().documents["program"]["welding-1"], "city", "") == "Renton"


async def test_a_thousand_programs_pass_and_more_than_the_limit_does_not(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    first, _ = await downloaded(editor)
    rows = [
        {
            **first,
            "id": f"many-{n}",
            "name": f"Many {n}",
            "aliases": f"course {n};class {n}",
            "length_en": "x " * 60,
            "length_es": "y " * 60,
        }
        for n in range(MANY)
    ]
    preview = await uploaded(editor, saved(rows))
    assert preview.status_code == 200 and f"{MANY} new" in preview.text
    answer = await agreed(editor, preview)
    assert answer.headers["location"].startswith(f"{PAGE}?done={MANY}")
    assert len(desk.assistant.runtime.snapshot().documents["program"]) == MANY + 2
    assert (await uploaded(editor, b"x" * (MAX_TABLE + 1))).status_code == 413
    assert (await editor.http.post("/desk/misses/1", content=b"x" * 300_000)).status_code == 413, "other pages keep the small limit"


@pytest.mark.parametrize("opened", ["", "welding-1 1", "welding-1 one 2", "welding-1 2 2"])
async def test_a_yes_to_what_was_not_shown_publishes_nothing(desk: Desk, staff: SignIn, opened: str) -> None:
    editor = await staff(desk, "editor", PAGE)
    answer = await editor.submits(f"{PAGE}/programs/apply", table="id,city\nwelding-1,Kent\n", opened=opened)
    assert answer.status_code == 422 and "since you saw what would change" in answer.text
    assert desk.knowledge.get("program", "welding-1").revision == 1


async def test_a_sentence_of_the_program_and_a_refusal_change_from_a_table(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    for stem, kind, column, name in (("wordings", "wording", "text_es", "text"), ("refusals", "refusal", "answer_es", "answer")):
        first = (await downloaded(editor, stem))[0]
        changed = [{**first, column: f"{first[column]} Gracias."}]
        assert (await agreed(editor, await uploaded(editor, saved(changed), stem), stem)).status_code == 303
        body = desk.knowledge.get(kind, first["id"]).body or {}
        assert body[name]["es"].endswith("Gracias.")


async def test_an_answer_a_fault_of_it_and_a_new_entry_come_from_a_table(desk: Desk, staff: SignIn, asker: Student) -> None:
    editor = await staff(desk, "editor", PAGE)
    row = next(r for r in await downloaded(editor, "answers") if r["id"] == "sunrise_grant.what_is")
    new = {**row, "id": "sunrise_grant.what_is.name", "phrasings_en": "\n".join(f"why a name like sunrise {n}" for n in "abcdefgh")}
    new["phrasings_es"] = "\n".join(f"por qué se llama amanecer {n}" for n in "abcdefgh")
    told = faults(
        await uploaded(
            editor, saved([{**row, "answer_en": "It is $500.", "facet": "cots", "sources": "nowhere"}, {**new, "phrasings_es": ""}]), "answers"
        )
    )
    assert [(place, column) for place, column, _ in told] == [("2", "facet"), ("3", "phrasings_es")]
    told = faults(await uploaded(editor, saved([{**row, "answer_en": "It is $500.", "sources": "nowhere"}]), "answers"))
    assert {(place, column) for place, column, _ in told} == {("2", "answer_en"), ("2", "sources"), ("2", "spanish_fits")}
    only_english = [{**row, "answer_en": "Money.", "spanish_fits": "yes"}]
    preview = await uploaded(editor, saved(only_english), "answers")
    assert (await agreed(editor, preview, "answers")).status_code == 303
    rows = [
        {**row, "answer_en": "Money you keep.", "answer_es": "Dinero tuyo."},
        {**new, "answer_en": "After the hill.", "answer_es": "Por la loma."},
    ]
    assert (await agreed(editor, await uploaded(editor, saved(rows), "answers"), "answers")).status_code == 303
    assert (await answer_to(desk, asker, "what is the sunrise grant"))["text"] == "Money you keep."
    assert (await answer_to(desk, asker, "why a name like sunrise c"))["text"] == "After the hill."


async def test_the_steps_of_a_checklist_are_put_in_the_order_of_the_file(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    rows = [r for r in await downloaded(editor, "checklists") if r["id"] == "sunrise_steps"]
    other = {**rows[1], **{name: text for name, text in rows[0].items() if text and not name.startswith("step_")}}
    turned = [other, {**rows[0], **dict.fromkeys(("topic", "title_en", "title_es"), "")}]
    assert (await agreed(editor, await uploaded(editor, saved(turned), "checklists"), "checklists")).status_code == 303
    assert [s["id"] for s in (desk.knowledge.get("checklist", "sunrise_steps").body or {})["steps"]] == [r["step_id"] for r in turned]
    told = faults(await uploaded(editor, saved([{**rows[0], "step_link": "no_such_fact"}, {**rows[1], "step_title_es": ""}]), "checklists"))
    assert told == [["3", "step_title_es", "is empty"]]
    told = faults(await uploaded(editor, saved([{**rows[0], "step_link": "no_such_fact"}, rows[1]]), "checklists"))
    assert told[0][:2] == ["2", "step_link"]
    assert faults(await uploaded(editor, saved(rows[:1]), "checklists"))[0][:2] == ["2", "steps"]


async def test_a_new_checklist_begins_in_a_table_and_is_gone_through(desk: Desk, staff: SignIn, asker: Student) -> None:
    editor = await staff(desk, "editor", PAGE)
    rows = [r for r in await downloaded(editor, "checklists") if r["id"] == "sunrise_steps"]
    new = [{**row, "id": "sunset_steps", "step_id": f"evening_{n}"} for n, row in enumerate(rows)]
    new[0] |= {"title_en": "Steps for the evening", "title_es": "Pasos para la tarde"}
    new[0]["phrasings_en"] = "\n".join(f"zorble evening plan {n}" for n in "abcdefgh")
    new[0]["phrasings_es"] = "\n".join(f"plan de la tarde zorble {n}" for n in "abcdefgh")
    told = faults(await uploaded(editor, saved([{**new[0], "title_es": ""}, *new[1:]]), "checklists"))
    assert told == [["2", "title_es", "is empty"]]
    preview = await uploaded(editor, saved(new), "checklists")
    assert "1 new" in preview.text and "Steps for the evening" in preview.text
    assert (await agreed(editor, preview, "checklists")).status_code == 303
    reply = await answer_to(desk, asker, "zorble evening plan c")
    assert reply["answer"]["status"] == "checklist" and [step["id"] for step in reply["answer"]["steps"]] == [row["step_id"] for row in new]


async def test_answers_that_wait_for_a_second_person_are_published_together(wired: Wire, staff: SignIn) -> None:
    desk = wired(AbsentBot(), publishing_needs_second_person=True)
    editor, admin = await staff(desk, "editor", PAGE), await staff(desk, "admin", PAGE)
    row = next(r for r in await downloaded(editor, "answers") if r["id"] == "sunrise_grant.what_is")
    changed = saved([{**row, "answer_en": "Money you keep.", "answer_es": "Dinero tuyo."}])
    assert (await agreed(editor, await uploaded(editor, changed, "answers"), "answers")).headers["location"].endswith("sent=True")
    assert (await agreed(admin, await admin.opens(f"{PAGE}/answers/waiting"), "answers")).status_code == 303
    assert (desk.knowledge.get("entry", "sunrise_grant.what_is").body or {})["answer"]["en"] == "Money you keep."
