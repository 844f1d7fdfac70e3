"""A student who waits for a person: told the truth, reachable by e-mail, never forgotten and never left in the dark."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select

from desk.advising import wiring as advising
from desk.tables import HandOffRow
from desk.wiring import Desk
from tests.integration.conftest import Browser, Wire
from tests.integration.fakes import MONDAY_NIGHT, KeptPost, ScriptedBot, SetClock
from tests.integration.people import Student

ADVISOR = 1
"""The number of the prepared advisor."""


async def last_notice(student: Student) -> str:
    return next(m["text"] for m in reversed(await student.reads()) if m["sender"] == "system")


async def wait(student: Student) -> dict[str, Any]:
    found: dict[str, Any] = (await student.get("messages")).json()["wait"]
    return found


async def taken_after(desk: Desk, http: Any, clock: SetClock, *minutes: float) -> None:
    """Earlier students who waited so long each."""
    for length in minutes:
        earlier = await Student.arrives(http)
        await earlier.post("handoff")
        clock.goes_on(minutes=length)
        await desk.service.take(earlier.id, ADVISOR, "Advisor One")
        await desk.service.close(earlier.id, ADVISOR)


@pytest.fixture
def desk_app(mailing_desk: Desk) -> Desk:
    return mailing_desk


# -- the truth about the wait ------------------------------------------------------------------------------------------


async def test_with_an_advisor_at_the_desk_the_place_is_told_and_no_time_without_data(desk_app: Desk, student: Student) -> None:
    desk_app.people.presence.is_here(ADVISOR)
    await student.post("handoff")
    assert await last_notice(student) == "You are first in line."
    assert (await wait(student)).items() >= {"position": 1, "on_duty": 1, "minutes": None}.items()


async def test_the_expected_wait_is_the_median_of_the_waits_of_late(desk_app: Desk, student: Student, clock: SetClock) -> None:
    await taken_after(desk_app, student.http, clock, 3, 40, 5)
    desk_app.people.presence.is_here(ADVISOR)
    ahead = await Student.arrives(student.http)
    await ahead.post("handoff")
    await student.post("handoff")
    assert await last_notice(student) == "You are number 2 in line. Lately students waited about 5 minutes."
    clock.goes_on(minutes=2)
    desk_app.people.presence.is_here(ADVISOR)
    assert (await wait(student))["minutes"] == 3
    clock.goes_on(minutes=4)
    desk_app.people.presence.is_here(ADVISOR)
    assert (await wait(student))["minutes"] is None, "longer than usual: nobody knows any more"


async def test_two_waits_are_not_enough_to_promise_a_time(desk_app: Desk, student: Student, clock: SetClock) -> None:
    await taken_after(desk_app, student.http, clock, 3, 5)
    desk_app.people.presence.is_here(ADVISOR)
    await student.post("handoff")
    assert (await wait(student))["minutes"] is None


async def test_an_advisor_is_on_duty_while_a_page_is_open_and_they_are_available(desk_app: Desk, clock: SetClock) -> None:
    presence = desk_app.people.presence
    presence.is_here(ADVISOR)
    assert [one.name for one in presence.on_duty()] == ["Advisor One"]
    presence.set_available(ADVISOR, False)
    assert presence.on_duty() == [] and not presence.is_available(ADVISOR)
    presence.set_available(ADVISOR, True)
    clock.goes_on(minutes=2)
    assert presence.on_duty() == [], "the page was closed"


async def test_in_office_hours_with_nobody_there_the_student_is_not_told_that_somebody_comes_soon(student: Student) -> None:
    await student.post("handoff")
    assert "no advisor is at the desk right now" in await last_notice(student)
    assert "e-mail" in await last_notice(student)


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "Advisors are back on Tuesday, November 24 at 8:00 AM."), ("es", "Los asesores regresan el martes 24 de noviembre a las 8:00 a.m.")],
)
async def test_out_of_hours_the_next_opening_is_said_in_the_students_language(
    desk_app: Desk, browser: Browser, clock: SetClock, language: str, says: str
) -> None:
    clock.now = MONDAY_NIGHT
    student = await Student.arrives(browser(desk_app), language)
    await student.post("handoff")
    said = re.sub(r"\s", " ", await last_notice(student))
    assert says in said and ".." not in said


async def test_somebody_in_danger_hears_no_number_in_a_line(desk_app: Desk, student: Student) -> None:
    desk_app.people.presence.is_here(ADVISOR)
    await student.writes("i want to kill myself")
    await desk_app.turns.drain()
    assert await student.state() == "waiting"
    assert not any("in line" in m["text"] for m in await student.reads())


# -- reached by e-mail -------------------------------------------------------------------------------------------------


async def leaves_address(student: Student, address: str = "Maya@Example.org") -> Any:
    return await student.http.put(f"{student.path}/contact", json={"email": address}, headers=student.headers)


async def later(desk: Desk, clock: SetClock, **by: float) -> None:
    clock.goes_on(**by)
    await desk.people.letters.deliver()


async def answered(desk: Desk, student: Student, text: str = "Yes, until Friday.") -> None:
    await desk.service.take(student.id, ADVISOR, "Advisor One")
    await desk.service.reply_as_advisor(student.id, ADVISOR, text, "en")


async def test_an_address_is_checked_and_shown_only_half(student: Student) -> None:
    await student.post("handoff")
    for wrong in ("maya", "maya@", "a b@example.org", "maya@example.org\nBcc: all@example.org", "x" * 300 + "@example.org"):
        assert (await leaves_address(student, wrong)).status_code == 422, wrong
    assert (await leaves_address(student)).json() == {"contact": "m…@example.org", "meant": None}
    assert (await wait(student))["contact"] == "m…@example.org"


async def test_an_address_is_kept_only_for_a_person_who_was_asked_for(student: Student) -> None:
    refused = await leaves_address(student)
    assert refused.status_code == 409 and "Ask for a person first" in refused.json()["error"]["message"]


async def test_a_reply_goes_by_email_to_a_student_who_is_away_once_with_a_link_back(
    desk_app: Desk, student: Student, clock: SetClock, post: KeptPost
) -> None:
    await student.post("handoff")
    await leaves_address(student)
    await answered(desk_app, student)
    await later(desk_app, clock, seconds=30)
    assert post.sent == [], "the student may still be looking, the advisor still writing"
    await later(desk_app, clock, seconds=40)
    await later(desk_app, clock, seconds=40)
    ((to, subject, text),) = post.sent
    assert (to, subject) == ("maya@example.org", "An advisor answered you")
    assert "Advisor One wrote:\nYes, until Friday." in text and "https://ask.example.org/?language=en#open=" in text


async def test_a_student_who_reads_the_reply_in_the_chat_gets_no_email(desk_app: Desk, student: Student, clock: SetClock, post: KeptPost) -> None:
    await student.post("handoff")
    await leaves_address(student)
    await answered(desk_app, student)
    clock.goes_on(seconds=20)
    await student.reads()
    await later(desk_app, clock, minutes=5)
    assert post.sent == []


async def test_a_mail_server_that_is_away_is_tried_again(desk_app: Desk, student: Student, clock: SetClock, post: KeptPost) -> None:
    await student.post("handoff")
    await leaves_address(student)
    await answered(desk_app, student)
    await desk_app.service.close(student.id, ADVISOR, "answered")
    post.down = True
    await later(desk_app, clock, minutes=10)
    post.down = False
    await later(desk_app, clock, minutes=10)
    assert [to for to, _, _ in post.sent] == ["maya@example.org"]


async def test_several_desk_processes_send_one_email(wired: Wire, desk_app: Desk, student: Student, clock: SetClock, post: KeptPost) -> None:
    await student.post("handoff")
    await leaves_address(student)
    await answered(desk_app, student)
    clock.goes_on(minutes=2)
    several = [desk_app, *(wired(ScriptedBot(), post=post) for _ in range(3))]
    assert sum(await asyncio.gather(*(desk.people.letters.deliver() for desk in several))) == 1
    assert [to for to, _, _ in post.sent] == ["maya@example.org"]


async def test_the_address_is_gone_soon_after_the_end(desk_app: Desk, student: Student, clock: SetClock, post: KeptPost) -> None:
    await student.post("handoff")
    await leaves_address(student)
    assert (await student.get("export")).json()["contact"] == "maya@example.org"
    await answered(desk_app, student)
    await desk_app.service.close(student.id, ADVISOR, "answered")
    await later(desk_app, clock, minutes=3)
    assert len(post.sent) == 1
    await later(desk_app, clock, minutes=1)
    with desk_app.store.reading() as session:
        assert session.scalars(select(HandOffRow.contact)).all() == [None]


async def test_an_address_the_student_takes_back_is_used_no_more(desk_app: Desk, student: Student, clock: SetClock, post: KeptPost) -> None:
    await student.post("handoff")
    await leaves_address(student)
    assert (await student.delete("contact")).status_code == 204
    await answered(desk_app, student)
    await later(desk_app, clock, minutes=5)
    assert post.sent == [] and (await student.get("export")).json()["contact"] is None


@pytest.mark.parametrize("taken", [False, True])
async def test_an_address_written_into_the_chat_is_kept_for_the_reply_and_not_in_the_chat(desk_app: Desk, student: Student, taken: bool) -> None:
    await student.post("handoff")
    if taken:
        await desk_app.service.take(student.id, ADVISOR, "Advisor One")
    await student.writes("you can write to maya@example.org, thanks")
    await desk_app.turns.drain()
    texts = [m["text"] for m in await student.reads()]
    assert not any("maya@" in text for text in texts)
    assert any("m…@example.org" in text for text in texts), "the student is told"
    request = desk_app.people.line.request(student.id)
    assert request and request.contact == "maya@example.org"


async def test_an_address_that_looks_mistyped_in_the_chat_is_kept_and_asked_about(desk_app: Desk, student: Student) -> None:
    await student.post("handoff")
    await student.writes("write me at maya@gmial.com")
    await desk_app.turns.drain()
    said = [m["text"] for m in await student.reads()]
    assert any("goes to m…@gmial.com. Did you mean m…@gmail.com?" in text for text in said)
    request = desk_app.people.line.request(student.id)
    assert request and request.contact == "maya@gmial.com"


async def test_an_address_written_to_the_bot_is_only_taken_out(desk_app: Desk, student: Student) -> None:
    await student.writes("my mail is maya@example.org")
    await desk_app.turns.drain()
    assert "e-mail address removed" in (await student.reads())[1]["text"]
    assert (await student.get("export")).json()["contact"] is None


async def test_without_a_mail_server_in_production_no_address_is_asked_for(wired: Wire, browser: Browser, clock: SetClock) -> None:
    desk = wired(ScriptedBot(), environment="production", secret_key="s" * 30, rasa_token="t" * 30)
    clock.now = MONDAY_NIGHT
    student = await Student.arrives(browser(desk))
    await student.post("handoff")
    assert "e-mail" not in await last_notice(student)
    assert (await wait(student))["by_email"] is False
    assert (await leaves_address(student)).status_code == 409


# -- long silence ------------------------------------------------------------------------------------------------------


async def go_round(desk: Desk) -> int:
    return await advising.tending(desk.settings, desk.people.line, desk.service).go_round()


async def test_a_request_nobody_took_for_days_ends_with_a_word_in_the_students_language_and_by_email(
    desk_app: Desk, browser: Browser, clock: SetClock, post: KeptPost
) -> None:
    student = await Student.arrives(browser(desk_app), "es")
    await student.post("handoff")
    await leaves_address(student)
    clock.goes_on(hours=71)
    assert await go_round(desk_app) == 0
    clock.goes_on(hours=2)
    assert await go_round(desk_app) == 1
    assert await student.state() == "closed"
    assert (await student.reads())[-1]["text"].startswith("Lo siento, ningún asesor")
    await later(desk_app, clock, minutes=5)
    assert post.sent == [], "it was read in the chat"


async def test_the_word_about_a_request_nobody_took_goes_by_email_too(desk_app: Desk, student: Student, clock: SetClock, post: KeptPost) -> None:
    await student.post("handoff")
    await leaves_address(student)
    clock.goes_on(hours=73)
    await go_round(desk_app)
    await later(desk_app, clock, minutes=2)
    ((_, subject, text),) = post.sent
    assert subject == "About your question to an advisor" and "no advisor could take your request" in text


async def test_a_chat_that_fell_silent_after_the_advisors_word_is_closed_with_a_word(desk_app: Desk, student: Student, clock: SetClock) -> None:
    await answered(desk_app, student)
    clock.goes_on(minutes=61)
    assert await go_round(desk_app) == 1
    assert await student.state() == "closed"
    assert "quiet here" in await last_notice(student)


async def test_a_chat_whose_advisor_fell_silent_goes_back_in_line(desk_app: Desk, student: Student, clock: SetClock) -> None:
    await answered(desk_app, student)
    await student.writes("and after friday?")
    await desk_app.turns.drain()
    clock.goes_on(minutes=61)
    assert await go_round(desk_app) == 1
    assert await student.state() == "waiting"
    assert "back in line" in await last_notice(student)


async def test_a_crisis_is_ended_by_a_person_only(desk_app: Desk, student: Student, clock: SetClock) -> None:
    await student.writes("i want to kill myself")
    await desk_app.turns.drain()
    clock.goes_on(days=30)
    assert await go_round(desk_app) == 0
    assert await student.state() == "waiting"


async def test_a_word_said_meanwhile_keeps_the_chat_open(desk_app: Desk, student: Student, clock: SetClock) -> None:
    await answered(desk_app, student)
    clock.goes_on(minutes=61)
    (seen,) = desk_app.people.line.quiet()
    await desk_app.service.reply_as_advisor(student.id, ADVISOR, "Still here?", "en")
    tending = advising.tending(desk_app.settings, desk_app.people.line, desk_app.service)
    assert await tending._end(seen) is False
    assert await student.state() == "with_advisor"


# -- typing, deletion ----------------------------------------------------------------------------------------------------


async def test_the_advisor_hears_that_the_student_writes_and_nobody_else_does(desk_app: Desk, student: Student) -> None:
    async with desk_app.hub.listen("queue") as heard:
        assert (await student.post("typing")).status_code == 204
        assert heard.empty(), "the bot need not know"
        await desk_app.service.take(student.id, ADVISOR, "Advisor One")
        while not heard.empty():
            heard.get_nowait()
        await student.post("typing")
        event = heard.get_nowait()
        assert event is not None and (event.conversation_id, getattr(event, "sender", "")) == (student.id, "student")


async def test_deleting_the_conversation_deletes_address_notes_and_labels(desk_app: Desk, student: Student) -> None:
    await student.post("handoff")
    await leaves_address(student)
    desk_app.people.notes.add(student.id, ADVISOR, "calls back on friday")
    desk_app.people.notes.put_label(student.id, "FAFSA")
    await student.delete()
    assert desk_app.people.notes.of(student.id) == [] and desk_app.people.notes.known_labels() == []
    with desk_app.store.reading() as session:
        assert session.scalars(select(HandOffRow)).all() == []


async def test_office_hours_of_an_office_count_for_who_waits_for_it(desk_app: Desk, student: Student, clock: SetClock) -> None:
    office = desk_app.people.offices.add("Evening office", "mon-fri 18:00-20:00")
    await answered(desk_app, student)
    await desk_app.service.pass_to_office(student.id, ADVISOR, office.id, office.name)
    assert "Your chat was passed to Evening office" in await last_notice(student)
    assert (await wait(student)).items() >= {"open": False, "office": "Evening office", "opens_at": "2026-11-23T18:00:00-08:00"}.items()
    assert clock.now < dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
