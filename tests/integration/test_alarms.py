"""A student may be in danger and nobody is at the desk: staff hear of it by e-mail, at once, once, and read nothing of the student in it."""

from __future__ import annotations

import asyncio
import logging

import pytest
from pydantic import ValidationError
from sqlalchemy import event, func, select

from desk.mail.tables import OutboxRow
from desk.settings import Settings
from desk.wiring import Desk
from tests.integration.conftest import Browser, SignIn, Wire
from tests.integration.fakes import MONDAY_NIGHT, KeptPost, ScriptedBot, SetClock
from tests.integration.people import Student

ADVISOR = 1
DANGER = "i want to kill myself, i am at 12 lake street"
BOTH = ["dean@example.org", "nurse@example.org"]


@pytest.fixture
def desk_app(mailing_desk: Desk) -> Desk:
    return mailing_desk


async def in_danger(desk: Desk, student: Student, text: str = DANGER) -> None:
    await student.writes(text)
    await desk.turns.drain()


def told(post: KeptPost) -> list[str]:
    return sorted(to for to, _, _ in post.sent)


async def test_everybody_named_is_told_at_once_with_the_link_and_no_word_of_the_student(desk_app: Desk, student: Student, post: KeptPost) -> None:
    await in_danger(desk_app, student)
    assert await desk_app.people.alarms.look() == 2
    assert told(post) == BOTH
    for _, subject, text in post.sent:
        assert f"https://ask.example.org/desk/conversations/{student.id}" in text
        assert "may be in danger" in subject
        for word in ("kill", "lake", student.token):
            assert word not in subject + text


async def test_each_is_told_once_however_often_the_desk_looks_and_the_student_writes(desk_app: Desk, student: Student, post: KeptPost) -> None:
    for _ in range(3):
        await in_danger(desk_app, student)
        await desk_app.people.alarms.look()
    assert told(post) == BOTH


async def test_a_new_crisis_after_the_first_has_ended_is_told_again(desk_app: Desk, student: Student, post: KeptPost) -> None:
    await in_danger(desk_app, student)
    await desk_app.people.alarms.look()
    await desk_app.service.take(student.id, ADVISOR, "Advisor One")
    await desk_app.service.close(student.id, ADVISOR, "helped")
    await in_danger(desk_app, student)
    assert await desk_app.people.alarms.look() == 2


async def test_nobody_is_told_while_an_advisor_is_on_duty_and_everybody_once_the_last_one_has_gone(
    desk_app: Desk, student: Student, post: KeptPost, clock: SetClock
) -> None:
    desk_app.people.presence.is_here(ADVISOR)
    await in_danger(desk_app, student)
    assert await desk_app.people.alarms.look() == 0
    clock.goes_on(minutes=1)  # the page was closed and nobody took it
    assert await desk_app.people.alarms.look() == 2


async def test_an_advisor_who_is_away_counts_as_nobody(desk_app: Desk, student: Student) -> None:
    desk_app.people.presence.set_available(ADVISOR, False)
    await in_danger(desk_app, student)
    assert await desk_app.people.alarms.look() == 2


async def test_danger_told_to_an_advisor_who_has_left_the_desk_is_an_alarm_and_to_one_who_is_there_it_is_not(
    desk_app: Desk, student: Student, clock: SetClock
) -> None:
    desk_app.people.presence.is_here(ADVISOR)
    await desk_app.service.take(student.id, ADVISOR, "Advisor One")
    await in_danger(desk_app, student)
    assert await desk_app.people.alarms.look() == 0
    clock.goes_on(minutes=1)
    assert await desk_app.people.alarms.look() == 2


@pytest.mark.parametrize("text", ["a person please", "i am hungry and have no food at home"])
async def test_what_is_no_crisis_rings_nowhere(desk_app: Desk, student: Student, text: str) -> None:
    await in_danger(desk_app, student, text)
    await student.post("handoff")
    assert await desk_app.people.alarms.look() == 0


async def test_an_open_office_with_an_address_is_told_too_and_a_closed_one_is_not(
    desk_app: Desk, student: Student, post: KeptPost, clock: SetClock
) -> None:
    offices = desk_app.people.offices
    offices.add("Counseling", "mon-fri 08:00-17:00", "Counsel@example.org")
    offices.add("Evening", "mon-sun 20:00-23:00", "evening@example.org")
    offices.add("Like the desk", "", "usual@example.org")
    offices.add("No address", "")
    assert desk_app.people.alarms.addresses() == [*BOTH, "counsel@example.org", "usual@example.org"]
    clock.now = MONDAY_NIGHT
    await in_danger(desk_app, student)
    await desk_app.people.alarms.look()
    assert told(post) == [*BOTH[:1], "evening@example.org", *BOTH[1:]]


async def test_a_mail_server_that_is_away_is_asked_again_but_not_without_pause(
    desk_app: Desk, student: Student, post: KeptPost, clock: SetClock
) -> None:
    await in_danger(desk_app, student)
    post.down = True
    assert await desk_app.people.alarms.look() == 0
    post.down = False
    assert await desk_app.people.alarms.look() == 0
    clock.goes_on(seconds=20)
    assert await desk_app.people.alarms.look() == 2


async def test_of_several_desks_one_tells_each_address(wired: Wire, student: Student, desk_app: Desk, post: KeptPost) -> None:
    more = [wired(ScriptedBot(), post=post, crisis_emails="dean@example.org, nurse@example.org") for _ in range(3)]
    await in_danger(desk_app, student)
    await asyncio.gather(*(desk.people.alarms.look() for desk in [desk_app, *more]))
    assert told(post) == BOTH


async def test_a_look_at_many_crises_asks_the_database_no_more_than_a_look_at_one(desk_app: Desk, browser: Browser) -> None:
    said: list[str] = []
    event.listen(desk_app.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    asked = []
    for more in (1, 4):
        for _ in range(more):
            await in_danger(desk_app, await Student.arrives(browser(desk_app)))
        await desk_app.people.alarms.look()  # tells those who are new
        said.clear()
        await desk_app.people.alarms.look()
        asked.append(len(said))
    assert asked[0] == asked[1] > 0


async def test_what_a_desk_that_died_had_begun_to_tell_is_told_by_another(desk_app: Desk, student: Student, post: KeptPost, clock: SetClock) -> None:
    await in_danger(desk_app, student)
    desk_app.people.alarms._put()
    store = desk_app.outbox.store
    claimed = store.claim(store.due("crisis")[0])  # and then the power went
    assert claimed is not None
    assert await desk_app.people.alarms.look() == 1
    clock.goes_on(minutes=2)
    assert await desk_app.people.alarms.look() == 1
    assert told(post) == BOTH


async def test_deleting_the_conversation_leaves_nothing_of_the_alarm(desk_app: Desk, student: Student) -> None:
    await in_danger(desk_app, student)
    await desk_app.people.alarms.look()
    await student.delete()
    with desk_app.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0
    assert await desk_app.people.alarms.look() == 0


async def test_no_address_stands_in_a_log(desk_app: Desk, student: Student, post: KeptPost, capsys: pytest.CaptureFixture[str]) -> None:
    await in_danger(desk_app, student)
    post.down = True
    await desk_app.people.alarms.look()
    said = capsys.readouterr()
    assert "mail_not_sent" in said.out + said.err
    assert "example.org" not in said.out + said.err


async def test_whoever_opens_the_conversation_reads_who_was_told(desk_app: Desk, student: Student, staff: SignIn) -> None:
    await in_danger(desk_app, student)
    await desk_app.people.alarms.look()
    shown = await (await staff(desk_app, "advisor")).opens(f"/desk/conversations/{student.id}")
    assert "Nobody was on duty then, so an e-mail went to dean@example.org (Nov 23, 10:00 AM)" in shown.text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"crisis_emails": "dean"}, "'dean' is not an e-mail address"),
        ({"crisis_emails": "dean@example.org", "environment": "production", "secret_key": "s" * 30, "rasa_token": "t" * 30}, "needs SMTP_HOST"),
    ],
)
def test_an_alarm_that_could_reach_nobody_refuses_to_start(given: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Settings(_env_file=None, **given)  # type: ignore[arg-type]


async def test_an_admin_gives_an_office_its_address_and_a_wrong_one_is_refused_in_words(desk_app: Desk, staff: SignIn) -> None:
    admin = await staff(desk_app, "admin", "/desk/offices")
    wrong = await admin.submits("/desk/offices", name="Counseling", hours="", email="nobody")
    assert wrong.status_code == 422 and "name@example.org" in wrong.text and 'value="Counseling"' in wrong.text
    await admin.submits("/desk/offices", name="Counseling", hours="", email="room12@example.org")
    assert "Told of a crisis: room12@example.org" in (await admin.opens("/desk/offices")).text


async def test_the_running_desk_looks_by_itself(desk_app: Desk, student: Student, post: KeptPost, caplog: pytest.LogCaptureFixture) -> None:
    from desk.app import _watch_over

    caplog.set_level(logging.WARNING)
    await in_danger(desk_app, student)
    watch = asyncio.create_task(_watch_over(desk_app))
    for _ in range(200):
        if len(post.sent) == 2:
            break
        await asyncio.sleep(0.01)
    watch.cancel()
    assert told(post) == BOTH
