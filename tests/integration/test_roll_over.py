"""The figures of a new academic year: one page, all faults at once, all published or none, drafts kept half-way."""

from __future__ import annotations

import datetime as dt
import html

import pytest

from desk.editor.rolling import year_to_roll
from desk.wiring import Desk
from tests.integration.conftest import SignIn, Wire
from tests.integration.fakes import AbsentBot
from tests.integration.form_reader import fields_of
from tests.integration.people import Staff, Student
from tests.integration.test_staff_edit import answer_to

PAGE = "/desk/freshness/roll-over"
AMOUNT, DAY = "sunrise_amount", "sunrise_last_day"
NEW = {
    f"{AMOUNT}:value": "8100", f"{AMOUNT}:as_of": "2027-28", f"{AMOUNT}:valid_until": "2028-06-30",
    f"{DAY}:value": "2028-06-30", f"{DAY}:as_of": "2027-28", f"{DAY}:valid_until": "2028-06-30",
}  # fmt: skip
RANGE = "?first=2026-07-01&last=2027-06-30"


async def rolled(person: Staff, action: str, **typed: str) -> tuple[int, str]:
    form = fields_of((await person.opens(PAGE + RANGE)).text)
    answer = await person.submits(PAGE, **{**form, **typed, "action": action})
    return answer.status_code, answer.headers["location"] if answer.status_code == 303 else html.unescape(answer.text)


@pytest.mark.parametrize(
    ("today", "last"),
    [("2026-11-28", "2027-06-30"), ("2027-06-30", "2027-06-30"), ("2027-09-30", "2027-06-30"), ("2027-10-01", "2028-06-30")],
)
def test_the_year_to_be_rolled_over_is_the_one_that_ends_next_or_has_just_ended(today: str, last: str) -> None:
    first, end = year_to_roll(dt.date.fromisoformat(today))
    assert (end.isoformat(), (end - first).days) == (last, 364 if end.year % 4 else 365)


async def test_all_new_figures_are_published_at_once_and_answer_the_next_question(knowing_desk: Desk, staff: SignIn, asker: Student) -> None:
    editor = await staff(knowing_desk, "editor", PAGE)
    before = knowing_desk.knowledge.version()
    status, where = await rolled(editor, "publish", **NEW)
    assert status == 303 and where.endswith("done=publish&count=2"), where
    assert knowing_desk.knowledge.version() != before
    facts = knowing_desk.assistant.runtime.snapshot().facts
    assert (facts[AMOUNT].value, facts[AMOUNT].checked_on) == (8100, knowing_desk.assistant.today())
    assert facts[DAY].value == dt.date(2028, 6, 30)
    assert "$8,100" in (await answer_to(knowing_desk, asker, "how much is the sunrise grant"))["text"]
    assert {knowing_desk.knowledge.get("fact", key).revision for key in (AMOUNT, DAY)} == {2}
    assert knowing_desk.knowledge.get("fact", "sunrise_phone").revision == 1


async def test_every_fault_of_every_row_is_told_at_once_and_nothing_is_published(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", PAGE)
    status, page = await rolled(editor, "publish", **{**NEW, f"{AMOUNT}:value": "a lot", f"{DAY}:source": "nowhere"})
    assert status == 422 and 'value="a lot"' in page
    assert f'#row-{AMOUNT}">' in page and "must be a plain number" in page
    assert f'#row-{DAY}">' in page and "unknown source 'nowhere'" in page
    assert {knowing_desk.knowledge.get("fact", key).revision for key in (AMOUNT, DAY)} == {1}


async def test_a_new_figure_that_ends_with_the_old_one_is_refused(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", PAGE)
    status, page = await rolled(editor, "publish", **{f"{AMOUNT}:value": "8100"})
    assert status == 422 and "is still 2027-06-30" in page


async def test_left_half_way_the_drafts_are_there_again_and_students_get_the_old_figures(knowing_desk: Desk, staff: SignIn, asker: Student) -> None:
    editor = await staff(knowing_desk, "editor", PAGE)
    status, where = await rolled(editor, "draft", **{f"{AMOUNT}:value": "8100"})
    assert status == 303 and where.endswith("done=draft&count=1")
    assert "$7,395" in (await answer_to(knowing_desk, asker, "how much is the sunrise grant"))["text"]
    admin = await staff(knowing_desk, "admin", PAGE)
    form = fields_of((await admin.opens(PAGE + RANGE)).text)
    assert (form[f"{AMOUNT}:value"], form[f"{DAY}:value"]) == ("8100", "2027-06-30")
    assert (await rolled(admin, "publish", **NEW))[0] == 303
    assert knowing_desk.knowledge.get("fact", AMOUNT).draft is None


async def test_what_somebody_else_changed_meanwhile_stops_all_of_it(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", PAGE)
    form = fields_of((await editor.opens(PAGE + RANGE)).text)
    old = knowing_desk.assistant.runtime.snapshot().facts[AMOUNT]
    knowing_desk.knowledge.publish(old.model_copy(update={"value": 7500}), 1, "another@example.org")
    answer = await editor.submits(PAGE, **{**form, **NEW, "action": "publish"})
    assert answer.status_code == 422 and "somebody changed it meanwhile" in answer.text
    assert knowing_desk.knowledge.get("fact", DAY).revision == 1


async def test_where_a_second_person_is_needed_one_writes_the_figures_and_another_publishes_them(wired: Wire, staff: SignIn) -> None:
    desk = wired(AbsentBot(), publishing_needs_second_person=True)
    editor, admin = await staff(desk, "editor", PAGE), await staff(desk, "admin", PAGE)
    status, page = await rolled(editor, "publish", **NEW)
    assert status == 422 and "let another editor publish it" in page
    assert (await rolled(editor, "draft", **NEW))[0] == 303
    assert (await rolled(editor, "publish"))[0] == 422
    assert (await rolled(admin, "publish"))[0] == 303


@pytest.mark.parametrize("query", ["?first=soon", "?first=2027-01-01&last=2026-01-01"])
async def test_days_that_make_no_span_are_refused(knowing_desk: Desk, staff: SignIn, query: str) -> None:
    editor = await staff(knowing_desk, "editor", PAGE)
    assert (await editor.opens(PAGE + query)).status_code == 422


async def test_nothing_changed_is_said(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", PAGE)
    status, page = await rolled(editor, "publish")
    assert status == 422 and "Nothing was changed" in page
