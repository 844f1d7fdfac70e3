"""Advisors together at one conversation: notes, labels, passing on, endings; and what they keep ready."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desk.errors import Conflict
from desk.wiring import Desk
from tests.integration.conftest import Browser, SignIn
from tests.integration.fakes import SetClock
from tests.integration.people import Staff, Student


async def taken(desk: Desk, student: Student, staff: SignIn, role: str = "advisor") -> Staff:
    person = await staff(desk, role)
    await student.post("handoff")
    await person.submits(f"/desk/conversations/{student.id}/take")
    return person


# -- notes and labels ------------------------------------------------------------------------------------------------------


async def test_a_note_is_read_by_colleagues_and_nowhere_by_the_student(desk_app: Desk, student: Student, staff: SignIn) -> None:
    advisor = await taken(desk_app, student, staff)
    secret = "her brother asked the same"
    kept = await advisor.submits(f"/desk/conversations/{student.id}/notes", text=secret)
    assert kept.status_code == 303
    await advisor.submits(f"/desk/conversations/{student.id}/labels", label="Family Matters")
    page = (await (await staff(desk_app, "admin")).opens(f"/desk/conversations/{student.id}")).text
    assert secret in page and "Advisor One" in page and "family matters" in page
    seen = [(await student.get("messages")).text, (await student.get("export")).text]
    assert not any(secret in text or "family matters" in text for text in seen)
    assert "notes" not in json.loads(seen[1])


async def test_a_note_changes_nothing_for_the_student(desk_app: Desk, student: Student, staff: SignIn) -> None:
    """No number, no event, no state: there is nothing to notice a note by."""
    advisor = await taken(desk_app, student, staff)
    before = desk_app.store.access_for_staff(student.id)
    async with desk_app.hub.listen(student.id) as heard:
        await advisor.submits(f"/desk/conversations/{student.id}/notes", text="a thought")
        assert heard.empty()
    assert desk_app.store.access_for_staff(student.id) == before


@pytest.mark.parametrize("what", [{"notes": " "}, {"notes": "x" * 2001}, {"labels": " "}, {"labels": "x" * 41}])
async def test_an_empty_or_endless_note_or_label_is_refused_with_a_way_back(
    desk_app: Desk, student: Student, staff: SignIn, what: dict[str, str]
) -> None:
    advisor = await staff(desk_app, "advisor")
    ((place, text),) = what.items()
    refused = await advisor.submits(f"/desk/conversations/{student.id}/{place}", **{"text" if place == "notes" else "label": text})
    assert refused.status_code == 422 and "needs some words" in refused.json()["error"]["message"]


async def test_a_label_is_put_once_offered_again_and_taken_off(desk_app: Desk, student: Student, staff: SignIn) -> None:
    advisor = await staff(desk_app, "advisor")
    for label in ("FAFSA", " fafsa "):
        await advisor.submits(f"/desk/conversations/{student.id}/labels", label=label)
    assert desk_app.people.notes.labels(student.id) == desk_app.people.notes.known_labels() == ["fafsa"]
    await advisor.submits(f"/desk/conversations/{student.id}/labels/remove", label="fafsa")
    assert desk_app.people.notes.labels(student.id) == []


# -- passing on ------------------------------------------------------------------------------------------------------------


async def test_a_chat_is_passed_to_a_colleague_who_is_on_duty(desk_app: Desk, student: Student, staff: SignIn) -> None:
    advisor = await taken(desk_app, student, staff)
    desk_app.people.presence.is_here(3)
    passed = await advisor.submits(f"/desk/conversations/{student.id}/pass", to="advisor:3", note="knows the bus lines")
    assert passed.status_code == 303, passed.text
    (item,) = desk_app.store.queue()
    assert (item["owner"], item["state"]) == ("Admin One", "with_advisor")
    assert [note.text for note in desk_app.people.notes.of(student.id)] == ["knows the bus lines"]
    assert (await advisor.submits(f"/desk/conversations/{student.id}/reply", text="me again")).status_code == 409


async def test_nobody_is_passed_to_a_colleague_who_went_home(desk_app: Desk, student: Student, staff: SignIn, clock: SetClock) -> None:
    advisor = await taken(desk_app, student, staff)
    desk_app.people.presence.is_here(3)
    clock.goes_on(minutes=5)
    refused = await advisor.submits(f"/desk/conversations/{student.id}/pass", to="advisor:3")
    assert refused.status_code == 409 and "not at the desk any more" in refused.json()["error"]["message"]
    assert desk_app.store.queue()[0]["owner"] == "Advisor One"


async def test_a_chat_is_passed_to_an_office_and_found_by_it(desk_app: Desk, student: Student, staff: SignIn) -> None:
    admin = await taken(desk_app, student, staff, "admin")
    await admin.submits("/desk/offices", name="Financial aid", hours="")
    await admin.submits(f"/desk/conversations/{student.id}/pass", to="office:1")
    assert await student.state() == "waiting"
    assert student.id in (await admin.opens("/desk/queue?office=1")).text
    assert f'data-chat="{student.id}"' not in (await admin.opens("/desk/queue?office=0")).text
    await admin.submits("/desk/offices/1/remove")
    assert desk_app.store.queue()[0]["office"] is None, "what waited for it waits for anybody"


async def test_only_the_owner_or_an_admin_passes_on(desk_app: Desk, student: Student, staff: SignIn) -> None:
    await taken(desk_app, student, staff, "admin")
    desk_app.people.presence.is_here(1)
    other = await staff(desk_app, "advisor")
    assert (await other.submits(f"/desk/conversations/{student.id}/pass", to="advisor:1")).status_code == 409


@pytest.mark.parametrize("to", ["", "office", "office:x", "advisor:", "program:1"])
async def test_a_strange_receiver_is_refused(desk_app: Desk, student: Student, staff: SignIn, to: str) -> None:
    advisor = await taken(desk_app, student, staff)
    assert (await advisor.submits(f"/desk/conversations/{student.id}/pass", to=to)).status_code == 422


# -- endings ---------------------------------------------------------------------------------------------------------------


async def test_how_it_ended_is_kept_and_must_be_known(desk_app: Desk, student: Student, staff: SignIn) -> None:
    advisor = await taken(desk_app, student, staff)
    await student.writes("hello")
    await desk_app.turns.drain()
    assert (await advisor.submits(f"/desk/conversations/{student.id}/close", outcome="nonsense")).status_code == 422
    await advisor.submits(f"/desk/conversations/{student.id}/close", outcome="referred")
    (item,) = desk_app.store.recent()
    assert (item["outcome"], item["last"], item["state"]) == ("referred", "hello", "closed")
    assert "Sent to another office" in (await advisor.opens("/desk/queue")).text


# -- kept ready --------------------------------------------------------------------------------------------------------------


async def test_a_canned_reply_is_kept_changed_and_removed(desk_app: Desk, student: Student, staff: SignIn) -> None:
    advisor = await staff(desk_app, "advisor", "/desk/canned")
    await advisor.submits("/desk/canned", title="Visit", text_en="Come to room 12.", text_es="Ven al salón 12.")
    (kept,) = desk_app.people.canned.all()
    await advisor.submits("/desk/canned", title="Visit us", text_en="Come to room 14.", text_es="Ven al salón 14.", canned_id=str(kept.id))
    (changed,) = desk_app.people.canned.all()
    assert (changed.id, changed.title, changed.text_es) == (kept.id, "Visit us", "Ven al salón 14.")
    await advisor.submits(f"/desk/canned/{kept.id}/remove")
    assert desk_app.people.canned.all() == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"title": "", "text_en": "a", "text_es": "b"}, "needs a title"),
        ({"title": "Visit", "text_en": "a", "text_es": " "}, "one in Spanish"),
        ({"title": "Taken", "text_en": "a", "text_es": "b"}, "There already is"),
    ],
)
async def test_a_faulty_canned_reply_is_refused_and_what_was_typed_stays(desk_app: Desk, staff: SignIn, given: dict[str, str], says: str) -> None:
    desk_app.people.canned.keep("Taken", "x", "y")
    advisor = await staff(desk_app, "advisor", "/desk/canned")
    refused = await advisor.submits("/desk/canned", **given)
    assert refused.status_code in (409, 422) and says in refused.text
    assert given["text_en"] in refused.text


@pytest.mark.parametrize(("hours", "status"), [("mon-fri 09:00-12:00", 303), ("", 303), ("always", 422)])
async def test_an_offices_hours_must_be_readable(desk_app: Desk, staff: SignIn, hours: str, status: int) -> None:
    admin = await staff(desk_app, "admin", "/desk/offices")
    made = await admin.submits("/desk/offices", name="Aid", hours=hours)
    assert made.status_code == status
    assert len(desk_app.people.offices.all()) == (status == 303)


# -- the queue ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("language=es", {"es"}),
        ("urgency=crisis", {"grave"}),
        ("reason=asked", {"en", "es"}),
        ("whose=waiting", {"es", "grave"}),
        ("whose=mine", {"en"}),
    ],
)
async def test_the_queue_shows_what_was_asked_for(desk_app: Desk, browser: Browser, staff: SignIn, asked: str, found: set[str]) -> None:
    http = browser(desk_app)
    students: dict[str, Any] = {"en": await Student.arrives(http), "es": await Student.arrives(http, "es"), "grave": await Student.arrives(http)}
    for name in ("en", "es"):
        await students[name].post("handoff")
    await students["grave"].writes("i want to kill myself")
    await desk_app.turns.drain()
    advisor = await staff(desk_app, "advisor")
    await advisor.submits(f"/desk/conversations/{students['en'].id}/take")
    page = (await advisor.opens(f"/desk/queue?{asked}")).text
    assert {name for name, one in students.items() if f'data-chat="{one.id}"' in page} == found


async def test_an_advisor_says_away_and_is_not_counted(desk_app: Desk, student: Student, staff: SignIn) -> None:
    advisor = await staff(desk_app, "advisor")
    desk_app.people.presence.is_here(1)
    assert (await advisor.http.get("/desk/queue/counts")).json()["on_duty"] == ["Advisor One"]
    away = await advisor.submits("/desk/queue/available", available="false")
    assert (away.json()["on_duty"], away.json()["available"]) == ([], False)
    await student.post("handoff")
    assert (await student.get("messages")).json()["wait"]["on_duty"] == 0


# -- the first in line -----------------------------------------------------------------------------------------------------


async def test_one_press_takes_the_first_in_line_danger_before_all_others(desk_app: Desk, browser: Browser, staff: SignIn, clock: SetClock) -> None:
    http = browser(desk_app)
    early, late, grave = [await Student.arrives(http) for _ in range(3)]
    for each in (early, late):
        await each.post("handoff")
        clock.goes_on(minutes=1)
    await grave.writes("i want to kill myself")
    await desk_app.turns.drain()
    advisor = await staff(desk_app, "advisor")
    led_to = [(await advisor.submits("/desk/queue/next")).headers.get("location") for _ in range(3)]
    assert led_to == [f"/desk/conversations/{each.id}" for each in (grave, early, late)]
    nobody = await advisor.submits("/desk/queue/next")
    assert nobody.status_code == 409 and "Nobody waits any more" in nobody.text


async def test_the_first_in_line_is_the_first_of_what_the_filter_shows(desk_app: Desk, browser: Browser, staff: SignIn, clock: SetClock) -> None:
    http = browser(desk_app)
    english, spanish = await Student.arrives(http), await Student.arrives(http, "es")
    for each in (english, spanish):
        await each.post("handoff")
        clock.goes_on(minutes=1)
    advisor = await staff(desk_app, "advisor", "/desk/queue?language=es")
    assert (await advisor.submits("/desk/queue/next?language=es")).headers["location"].endswith(spanish.id)
    assert (await advisor.submits("/desk/queue/next?language=es")).status_code == 409
    assert await english.state() == "waiting"


async def test_a_student_who_stopped_waiting_just_then_is_left_in_peace(desk_app: Desk, student: Student) -> None:
    with pytest.raises(Conflict):
        await desk_app.service.take(student.id, 1, "Advisor One", only_waiting=True)
    assert await student.state() == "with_bot"
