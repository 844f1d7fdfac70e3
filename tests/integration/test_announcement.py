"""The emergency switch: everybody is told, the program is silent, crisis help is not, and it ends by itself."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from desk.announcements.store import FRESH_S
from desk.wiring import Desk
from tests.integration.conftest import Browser, SignIn
from tests.integration.fakes import ScriptedBot, SetClock
from tests.integration.people import Staff, Student

EN, ES = "The office is closed because of flooding.", "La oficina está cerrada por la inundación."


async def announces(desk: Desk, staff: SignIn, clock: SetClock, *, pauses: bool = True, hours: float = 3) -> Staff:
    admin = await staff(desk, "admin", "/desk/announcement")
    ends = (clock.now + dt.timedelta(hours=hours)).astimezone(ZoneInfo("America/Los_Angeles"))
    form = {"text_en": EN, "text_es": ES, "ends": f"{ends:%Y-%m-%dT%H:%M}", **({"pauses": "true"} if pauses else {})}
    answer = await admin.submits("/desk/announcement", **form)
    assert answer.status_code == 303, answer.text
    await desk.telling.everywhere()
    return admin


async def replies_to(desk: Desk, student: Student, text: str) -> list[dict[str, object]]:
    sent = await student.writes(text)
    await desk.turns.drain()
    return await student.reads(after=sent.json()["message"]["seq"])


async def test_an_open_chat_hears_it_once_as_a_message_of_the_desk_in_its_language(
    desk_app: Desk, browser: Browser, staff: SignIn, clock: SetClock
) -> None:
    http = browser(desk_app)
    english, spanish = await Student.arrives(http), await Student.arrives(http, "es")
    await announces(desk_app, staff, clock)
    await desk_app.telling.everywhere()
    for student, text in ((english, EN), (spanish, ES)):
        assert [(m["sender"], m["text"]) for m in await student.reads(after=1)] == [("system", text)]


async def test_a_new_chat_begins_with_it_and_a_chat_of_yesterday_hears_it_when_its_student_writes(
    desk_app: Desk, browser: Browser, staff: SignIn, clock: SetClock
) -> None:
    http = browser(desk_app)
    sleeper = await Student.arrives(http)
    clock.goes_on(hours=1)
    await staff(desk_app, "admin")  # stays signed in meanwhile
    clock.goes_on(hours=1.5)
    await announces(desk_app, staff, clock, pauses=False)
    fresh = await Student.arrives(http)
    assert [m["text"] for m in await fresh.reads(after=1)] == [EN]
    assert await sleeper.reads(after=1) == []
    assert [m["text"] for m in await replies_to(desk_app, sleeper, "hello")] == [EN, "You said: hello"]
    assert [m["text"] for m in await replies_to(desk_app, sleeper, "again")] == ["You said: again"]


async def test_while_paused_a_question_gets_the_announcement_and_the_way_to_a_person(
    desk_app: Desk, student: Student, staff: SignIn, clock: SetClock, bot: ScriptedBot
) -> None:
    await announces(desk_app, staff, clock)
    *_, reply = await replies_to(desk_app, student, "how much is the sunrise grant")
    assert str(reply["text"]).startswith(EN) and "talk with a person" in str(reply["text"])
    assert [c["id"] for c in reply["choices"]] == ["human"] and bot.turns == []  # type: ignore[attr-defined, index]
    await student.presses("human")
    await desk_app.turns.drain()
    assert await student.state() == "waiting"


async def test_crisis_help_still_comes_first_and_calls_a_person(desk_app: Desk, student: Student, staff: SignIn, clock: SetClock) -> None:
    await announces(desk_app, staff, clock)
    first, *_ = await replies_to(desk_app, student, "i want to kill myself")
    assert first["answer"]["status"] == "crisis" and "988" in str(first["text"])  # type: ignore[index]
    assert await student.state() == "waiting"


async def test_it_ends_by_itself(desk_app: Desk, student: Student, browser: Browser, staff: SignIn, clock: SetClock) -> None:
    await announces(desk_app, staff, clock, hours=3)
    http = browser(desk_app)
    shown = (await http.get("/api/announcement")).json()["announcement"]
    assert shown["text"] == {"en": EN, "es": ES} and shown["paused"] is True
    assert EN in (await http.get("/?language=en")).text and ES in (await http.get("/?language=es")).text
    clock.goes_on(hours=3, minutes=1)
    assert (await http.get("/api/announcement")).json() == {"announcement": None}
    assert EN not in (await http.get("/?language=en")).text
    assert [m["text"] for m in await replies_to(desk_app, student, "hello")] == ["You said: hello"]


async def test_it_can_be_ended_and_every_step_is_in_the_audit_log(desk_app: Desk, student: Student, staff: SignIn, clock: SetClock) -> None:
    admin = await announces(desk_app, staff, clock)
    assert "the program is paused" in (await admin.opens("/desk/queue")).text
    await admin.submits("/desk/announcement/end")
    assert [m["text"] for m in await replies_to(desk_app, student, "hello")] == ["You said: hello"]
    ended, begun = [r for r in desk_app.audit.recent() if "announce" in r.action]
    assert (begun.action, begun.who, begun.details["en"], begun.details["paused"]) == ("announced", "admin@example.org", EN, True)
    assert (ended.action, ended.who) == ("ended_announcement", "admin@example.org")
    assert "paused" in (await admin.opens("/desk/announcement")).text, "it stays in the history"


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"text_es": ""}, "in English and in Spanish"), ({"text_en": "x" * 1001}, "at most 1000"), ({"ends": "2020-01-01T10:00"}, "in the future"),
        ({"ends": "2028-01-01T10:00"}, "at most 31 days"), ({"ends": "tomorrow"}, "Say until when"), ({"ends": ""}, "Say until when"),
    ],
)  # fmt: skip
async def test_one_that_makes_no_sense_is_refused_and_what_was_typed_stays(desk_app: Desk, staff: SignIn, form: dict[str, str], why: str) -> None:
    admin = await staff(desk_app, "admin", "/desk/announcement")
    answer = await admin.submits("/desk/announcement", **{"text_en": EN, "text_es": ES, "ends": "2026-11-24T10:00", **form})
    assert answer.status_code == 422 and why in answer.text and desk_app.announcements.now() is None
    assert (form.get("text_en") or EN) in answer.text


async def test_another_desk_process_hears_of_it_within_seconds(
    desk_app: Desk, staff: SignIn, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.announcements.store import Announcements

    other = Announcements(desk_app.engine, clock)
    assert other.now() is None
    await announces(desk_app, staff, clock)
    read_at, found = other._read or (0.0, None)
    other._read = (read_at - FRESH_S - 1, found)
    said = other.now()
    assert said is not None and said.text["en"] == EN


async def test_markup_in_an_announcement_is_only_text(desk_app: Desk, browser: Browser, staff: SignIn, clock: SetClock) -> None:
    admin = await staff(desk_app, "admin", "/desk/announcement")
    ends = (clock.now + dt.timedelta(hours=3)).astimezone(ZoneInfo("America/Los_Angeles"))
    await admin.submits("/desk/announcement", text_en="<img src=x onerror=alert(1)>", text_es="<b>x</b>", ends=f"{ends:%Y-%m-%dT%H:%M}")
    for page in ((await browser(desk_app).get("/?language=en")).text, (await admin.opens("/desk/announcement")).text):
        assert "<img src=x" not in page and "&lt;img src=x" in page
