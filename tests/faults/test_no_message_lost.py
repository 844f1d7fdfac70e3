"""1,000 messages in 50 conversations while desks are killed and restarted five times and connections are cut by chance.

Nothing is lost, nothing doubled, the order is kept: in the database, in what was answered, and on each student's screen.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.desk_process import DeskProcess, prepare
from tests.faults.echo_rasa import EchoRasa, echo_rasa
from tests.faults.rough_road import RoughRoad, rough_road
from tests.faults.steadfast import SteadfastStudent

STUDENTS, MESSAGES, KILLS = 50, 20, 5
SENDING_S = 14.0
"""About how long a student takes for all messages, so that every kill finds the class at work."""


@asynccontextmanager
async def desks_at_work(folder: Path, count: int, **settings: str) -> AsyncIterator[list[DeskProcess]]:
    desks = [DeskProcess(folder, number, **settings) for number in range(count)]
    try:
        await asyncio.gather(*(desk.start() for desk in desks))
        yield desks
    finally:
        for desk in desks:
            desk.end()


async def kill_now_and_then(desks: list[DeskProcess]) -> None:
    for n in range(KILLS):
        await asyncio.sleep(SENDING_S / KILLS)
        desk = desks[n % len(desks)]
        desk.kill()
        await desk.start()


async def a_class_writes(address: str, desks: list[DeskProcess], road: RoughRoad) -> list[SteadfastStudent]:
    chance = random.Random(11)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=40)
    async with httpx.AsyncClient(base_url=address, timeout=20, limits=limits) as http:
        students = [SteadfastStudent(http, f"s{n}") for n in range(STUDENTS)]
        await asyncio.gather(*(s.arrives() for s in students))
        writing = [s.writes(MESSAGES, SENDING_S / MESSAGES, random.Random(chance.random())) for s in students]
        await asyncio.gather(kill_now_and_then(desks), *writing)
        road.smooth = True
        async with asyncio.timeout(60):
            await asyncio.gather(*(s.has_heard(1 + 2 * MESSAGES) for s in students))
        await asyncio.sleep(1)  # whatever comes doubled would come now
        for s in students:
            await s.leaves()
    return students


async def stored(desk: DeskProcess, student: SteadfastStudent) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(base_url=desk.url, timeout=20) as http:
        answer = await http.get(f"{student.student.path}/messages", headers=student.student.headers)
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages


def check(student: SteadfastStudent, messages: list[dict[str, Any]]) -> None:
    assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1)), "numbers have no gap"
    assert [m["text"] for m in messages if m["sender"] == "student"] == student.sent, "each once, in order"
    replies = [m["text"] for m in messages if m["sender"] == "bot"][1:]
    assert replies == [f"You said: {text}" for text in student.sent], "each answered once, in order"
    assert student.heard == messages, "the screen shows what is stored, nothing twice"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("engines", ["one desk on SQLite", "two desks on PostgreSQL and Redis"])
async def test_nothing_is_lost_doubled_or_out_of_order(engines: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if engines.startswith("one"):
        count, settings = 1, {"DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}"}
    else:
        count, settings = 2, {"DATABASE_URL": request.getfixturevalue("postgres_url"), "REDIS_URL": request.getfixturevalue("redis_url")}
    prepare(settings["DATABASE_URL"])
    begun = time.monotonic()
    async with echo_rasa() as rasa:
        settings |= {"RASA_URL": rasa.url, "ACTIONS_URL": rasa.url, "BOT_TIMEOUT_S": "20", "CONVERSATIONS_PER_MINUTE": "100000"}
        async with desks_at_work(tmp_path, count, **settings) as desks, rough_road([d.port for d in desks]) as (road, address):
            students = await a_class_writes(address, desks, road)
            for student in students:
                check(student, await stored(desks[-1], student))
    tell(engines, students, road, rasa, time.monotonic() - begun)
    assert sum(len(s.sent) for s in students) == STUDENTS * MESSAGES
    assert road.cut > 50, "the road was rough"


def tell(engines: str, students: list[SteadfastStudent], road: RoughRoad, rasa: EchoRasa, seconds: float) -> None:
    """For whoever reads the run: pytest -s shows it."""
    sent, tries = sum(len(s.sent) for s in students), sum(s.tries for s in students)
    again = sum(n - 1 for n in rasa.asked.values())
    print(
        f"\n{engines}: {sent} messages in {len(students)} conversations, {KILLS} kills, {road.cut} connections cut, {tries - sent} posts tried again, "
        f"{again} turns begun again: 0 lost, 0 doubled, order kept ({seconds:.0f} s)"
    )
