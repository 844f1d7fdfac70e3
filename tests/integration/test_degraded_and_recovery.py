"""Rasa away, slow or mad; the desk killed and started again: every message gets exactly one answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from desk.bot_client import BotTurn, BotUnavailable, RasaBot, Turn
from desk.conversations.model import Draft
from desk.database import migrate
from desk.wiring import Desk
from knowledge.store import make_engine
from tests.integration.conftest import Browser, Wire
from tests.integration.fakes import AbsentBot, ScriptedBot, SetClock, echo
from tests.integration.people import Student

# -- Rasa away, slow or mad ------------------------------------------------------------------------------------------


@asynccontextmanager
async def rasa_that(answers: Callable[[asyncio.StreamWriter], object]) -> AsyncIterator[str]:
    """Something on a free port that takes a request as Rasa does and answers as told."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            done = answers(writer)
            if asyncio.iscoroutine(done):
                await done
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


def says_body(body: object, status: str = "200 OK") -> Callable[[asyncio.StreamWriter], object]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda writer: writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(raw)}\r\nConnection: close\r\n\r\n".encode() + raw)


async def trickles(writer: asyncio.StreamWriter) -> None:
    """One byte now and then: never silent long enough for a read timeout, never done."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[")
    for _ in range(100):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def sleeps(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


GARBAGE = {
    "an error": says_body({"reason": "model not loaded"}, "500 Internal Server Error"),
    "not found": says_body({}, "404 Not Found"),
    "no JSON": says_body(b"<html>"),
    "binary": says_body(b"\xff\xfe\x00"),
    "an object": says_body({"text": "hi"}),
    "nothing": says_body([]),
    "words for messages": says_body(["hi"]),
    "numbers for messages": says_body([1, 2]),
    "an empty message": says_body([{}]),
    "no custom": says_body([{"custom": None}]),
    "a reply without text": says_body([{"custom": {"waymark": {"language": "en"}}}]),
    "an unknown status": says_body([{"custom": {"waymark": {"text": "x", "language": "en", "answer": {"status": "guess"}}}}]),
    "memory nobody can read": says_body([{"custom": {"waymark": {"text": "x", "language": "en"}, "memory": {"misses": "many"}}}]),
    "a hung line": lambda writer: None,
    "silence": sleeps,
    "a trickle": trickles,
}


@pytest.mark.parametrize("kind", GARBAGE)
async def test_whatever_rasa_does_the_student_is_answered_from_knowledge_in_time(wired: Wire, browser: Browser, kind: str) -> None:
    async with rasa_that(GARBAGE[kind]) as url:
        bot = RasaBot(url, "token", timeout_s=0.5)
        desk = wired(bot)
        student = await Student.arrives(browser(desk))
        begun = time.monotonic()
        await student.writes("what is the sunrise grant")
        await desk.turns.drain()
        took = time.monotonic() - begun
        (reply,) = await student.reads(after=2)
        await bot.close()
    assert (reply["answer"]["status"], reply["answer"]["entry_id"]) == ("answered", "sunrise_grant.what_is")
    assert took < 4


async def test_with_nobody_on_rasas_port_the_answer_has_its_source_and_date(knowing_desk: Desk, asker: Student) -> None:
    await asker.writes("how much is the sunrise grant")
    await knowing_desk.turns.drain()
    (reply,) = await asker.reads(after=2)
    assert "$7,395" in reply["text"]
    assert reply["answer"]["sources"] and reply["answer"]["checked_on"] == "2026-10-20"


async def test_what_nobody_can_answer_is_said_and_a_person_is_offered(knowing_desk: Desk, asker: Student) -> None:
    await asker.writes("blorp zzyzx quux frobnicate")
    await knowing_desk.turns.drain()
    (reply,) = await asker.reads(after=2)
    assert reply["answer"]["status"] in ("not_covered", "out_of_scope")
    assert "human" in [c["id"] for c in reply["choices"]]


async def test_even_when_bot_and_knowledge_both_fail_the_student_hears_something(wired: Wire, browser: Browser) -> None:
    def breaks(turn: Turn) -> BotTurn:
        raise RuntimeError("a bug")

    desk = wired(ScriptedBot(breaks))
    student = await Student.arrives(browser(desk))
    await student.writes("hello")
    await desk.turns.drain()
    (reply,) = await student.reads(after=2)
    assert "went wrong on our side" in reply["text"]


async def test_when_rasa_comes_back_it_is_asked_again(wired: Wire, browser: Browser) -> None:
    away = [True]

    def sometimes(turn: Turn) -> BotTurn:
        if away:
            raise BotUnavailable("starting")
        return echo(turn)

    desk = wired(ScriptedBot(sometimes))
    student = await Student.arrives(browser(desk))
    await student.writes("what is the sunrise grant")
    await desk.turns.drain()
    away.clear()
    await student.writes("hello")
    await desk.turns.drain()
    assert [m["text"] for m in await student.reads(after=4)] == ["You said: hello"]


# -- killed and started again ----------------------------------------------------------------------------------------


def left_behind(desk: Desk, text: str = "are you there") -> str:
    """A message that was stored when the desk died, before anybody answered it."""
    conversation, _, _ = desk.store.open("en", [])
    desk.store.add_from_student(conversation.id, Draft("student", text, "en", "lost", pending=True))
    return conversation.id


async def test_a_message_left_by_a_crash_is_answered_once_after_the_restart(wired: Wire, clock: SetClock) -> None:
    conversation_id = left_behind(wired(ScriptedBot()))
    clock.goes_on(seconds=30)
    bot = ScriptedBot()
    restarted = wired(bot)
    for _ in range(3):
        await restarted.turns.recover()
        await restarted.turns.drain()
    assert [m.text for m in restarted.store.messages(conversation_id)] == ["are you there", "You said: are you there"]
    assert len(bot.turns) == 1


async def test_a_message_somebody_may_still_be_answering_is_left_to_them(wired: Wire, clock: SetClock) -> None:
    left_behind(wired(ScriptedBot()))
    clock.goes_on(seconds=1)
    assert await wired(ScriptedBot()).turns.recover() == 0


async def test_two_desks_that_recover_the_same_message_store_one_answer(wired: Wire, clock: SetClock) -> None:
    conversation_id = left_behind(wired(ScriptedBot()))
    clock.goes_on(seconds=30)
    desks = [wired(ScriptedBot()) for _ in range(2)]
    await asyncio.gather(*(d.turns.recover() for d in desks))
    await asyncio.gather(*(d.turns.drain() for d in desks))
    assert [m.sender for m in desks[0].store.messages(conversation_id)] == ["student", "bot"]


async def test_a_retry_that_reaches_the_other_desk_is_still_one_message_and_one_answer(wired: Wire, browser: Browser) -> None:
    one, two = wired(ScriptedBot()), wired(ScriptedBot())
    student = await Student.arrives(browser(one))
    elsewhere = Student(browser(two), student.id, student.token)
    await asyncio.gather(*(s.writes("hello", "same") for s in (student, elsewhere) * 5))
    await asyncio.gather(one.turns.drain(), two.turns.drain())
    assert [m["sender"] for m in await student.reads()] == ["bot", "student", "bot"]


async def test_several_messages_left_behind_are_answered_in_their_order(wired: Wire, clock: SetClock) -> None:
    desk = wired(ScriptedBot())
    conversation_id = left_behind(desk, "one")
    for n in ("two", "three"):
        desk.store.add_from_student(conversation_id, Draft("student", n, "en", n, pending=True))
    clock.goes_on(seconds=30)
    await desk.turns.recover()
    await desk.turns.drain()
    said = [m.text for m in desk.store.messages(conversation_id) if m.sender == "bot"]
    assert said == ["You said: one", "You said: two", "You said: three"]


# -- the database away, the knowledge empty --------------------------------------------------------------------------


async def test_an_empty_knowledge_base_greets_helps_in_danger_and_offers_a_person(
    wired: Wire, browser: Browser, engines: list[Engine], tmp_path: Path
) -> None:
    engines.append(make_engine(f"sqlite:///{tmp_path / 'empty.db'}"))
    migrate(engines[-1])
    desk = wired(AbsentBot(), path=tmp_path / "empty.db")
    desk.assistant.runtime._current = None
    student = await Student.arrives(browser(desk))
    assert "program, not a person" in (await student.reads())[0]["text"]
    await student.writes("what is the sunrise grant")
    await desk.turns.drain()
    (missed,) = await student.reads(after=2)
    assert (missed["answer"]["status"], [c["id"] for c in missed["choices"]]) == ("not_covered", ["human"])
    await student.writes("i want to kill myself")
    await desk.turns.drain()
    assert "988" in (await student.reads(after=4))[0]["text"]
    assert await student.state() == "waiting"


async def test_without_a_database_health_says_down_and_students_are_told_to_come_back(wired: Wire, browser: Browser, tmp_path: Path) -> None:
    http = browser(wired(ScriptedBot(), path=tmp_path / "no" / "such" / "folder.db"))
    health = await http.get("/health")
    assert (health.status_code, health.json()["status"], health.json()["database"]) == (200, "down", "down")
    for answer in (await http.post("/api/conversations"), await http.get("/api/conversations/x/messages", headers={"Authorization": "Bearer x"})):
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    failed: httpx.Response = await http.post("/desk/sign-in", data={"email": "a@example.org", "password": "x"})
    assert failed.status_code == 503


async def test_health_tells_the_truth_about_each_part(desk_app: Desk, browser: Browser) -> None:
    http = browser(desk_app)
    assert (await http.get("/health")).json() == {
        "status": "degraded", "database": "up", "rasa": "starting", "actions": "down", "knowledge_version": desk_app.assistant.runtime.version,
        "mail": "up",
    }  # fmt: skip
    assert b"waymark_turn_seconds" in (await http.get("/metrics")).content
