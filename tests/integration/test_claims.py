"""Several desk processes on one database, SQLite and PostgreSQL: each message is asked about once, by one of them, in order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from desk.conversations.claims import LEASE
from desk.conversations.model import Draft
from desk.database import migrate
from desk.settings import Settings
from desk.wiring import Desk
from knowledge.store import make_engine
from tests.integration.conftest import Wire
from tests.integration.fakes import ScriptedBot, SetClock

Desks = Callable[..., Desk]


@pytest.fixture(params=["sqlite", "postgresql"])
def another(request: pytest.FixtureRequest, wired: Wire, engines: list[Engine]) -> Desks:
    """Makes desks, each as a process of its own, on one database."""
    if request.param == "sqlite":
        return wired
    url = Settings(_env_file=None, database_url=request.getfixturevalue("postgres_url")).database_url  # type: ignore[call-arg]
    engines.append(make_engine(url))
    migrate(engines[-1])
    return lambda bot, **changes: wired(bot, database_url=url, **changes)


def sends(desk: Desk, conversation_id: str, text: str) -> None:
    desk.store.add_from_student(conversation_id, Draft("student", text, "en", text, pending=True))


def opened(desk: Desk) -> str:
    return desk.store.open("en", [])[0].id


async def test_a_second_desk_leaves_a_conversation_to_the_first_and_the_first_answers_both(another: Desks) -> None:
    busy, idle = ScriptedBot(), ScriptedBot()
    busy.opens = asyncio.Event()
    one, two = another(busy), another(idle)
    conversation = opened(one)
    sends(one, conversation, "first")
    one.turns.start(conversation)
    while not busy.turns:
        await asyncio.sleep(0.01)
    sends(two, conversation, "second")
    two.turns.start(conversation)
    await two.turns.drain()
    assert await two.turns.recover() == 0
    busy.opens.set()
    await one.turns.drain()
    assert ([t.text for t in busy.turns], idle.turns) == (["first", "second"], [])
    assert [m.text for m in one.store.messages(conversation)] == ["first", "second", "You said: first", "You said: second"]


async def test_messages_scattered_over_three_desks_are_each_asked_about_once_and_in_order(another: Desks) -> None:
    bots = [ScriptedBot() for _ in range(3)]
    desks = [another(bot) for bot in bots]
    conversations = [opened(desks[0]) for _ in range(6)]
    chance = random.Random(7)
    for n in range(8):
        for conversation in conversations:
            desk = chance.choice(desks)
            await asyncio.to_thread(sends, desk, conversation, f"m{n}")
            desk.turns.start(conversation)
    await asyncio.gather(*(desk.turns.drain() for desk in desks))
    asked = [(t.conversation_id, t.text) for bot in bots for t in bot.turns]
    assert len(asked) == len(set(asked)) == 48
    for conversation in conversations:
        said = [m.text for m in desks[0].store.messages(conversation) if m.sender == "bot"]
        assert said == [f"You said: m{n}" for n in range(8)]


async def test_what_a_dead_desk_had_begun_is_free_when_its_lease_ends(another: Desks, clock: SetClock) -> None:
    dead, heir = another(ScriptedBot()), another(ScriptedBot())
    conversation = opened(dead)
    sends(dead, conversation, "hello")
    assert await heir.turns.recover() == 0
    clock.goes_on(seconds=LEASE.total_seconds())
    assert await heir.turns.recover() == 1
    await heir.turns.drain()
    assert [m.text for m in heir.store.messages(conversation)] == ["hello", "You said: hello"]


async def test_a_desk_started_again_takes_up_its_own_at_once(another: Desks) -> None:
    conversation = opened(before := another(ScriptedBot(), desk_number=7))
    sends(before, conversation, "hello")
    again = another(ScriptedBot(), desk_number=7)
    assert await again.turns.recover() == 1
    await again.turns.drain()
    assert [m.text for m in again.store.messages(conversation)] == ["hello", "You said: hello"]


async def test_a_name_that_begins_like_another_is_another(another: Desks) -> None:
    conversation = opened(first := another(ScriptedBot(), desk_number=1))
    sends(first, conversation, "hello")
    assert await another(ScriptedBot(), desk_number=11).turns.recover() == 0


async def test_a_long_turn_keeps_its_conversation(another: Desks, clock: SetClock) -> None:
    slow = ScriptedBot()
    slow.opens = asyncio.Event()
    one, two = another(slow), another(ScriptedBot())
    conversation = opened(one)
    sends(one, conversation, "hello")
    one.turns.start(conversation)
    for _ in range(4):
        clock.goes_on(seconds=LEASE.total_seconds() * 0.8)
        await one.turns.recover()
        assert await two.turns.recover() == 0
    slow.opens.set()
    await one.turns.drain()


@pytest.mark.parametrize("days", [-400, 400])
async def test_a_clock_that_jumps_leaves_nothing_unanswered_and_nothing_answered_twice(another: Desks, clock: SetClock, days: int) -> None:
    one, two = another(ScriptedBot()), another(ScriptedBot())
    conversation = opened(one)
    sends(one, conversation, "before")
    clock.goes_on(days=days)
    await asyncio.gather(one.turns.recover(), two.turns.recover())
    await asyncio.gather(one.turns.drain(), two.turns.drain())
    sends(two, conversation, "after")
    two.turns.start(conversation)
    await two.turns.drain()
    assert [m.text for m in one.store.messages(conversation)] == ["before", "You said: before", "after", "You said: after"]
