"""The grown-up product (two desks, two Rasas, two action servers on PostgreSQL and Redis): its engines stopped, its twins killed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack

import psycopg
import pytest
import pytest_asyncio

from benchmarks import engines
from benchmarks.engines import Postgres, Redis
from benchmarks.scale import grown_up
from tests.faults.stack import MARKER, Stack, Talker, standing
from tests.servers import needs

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]


class Grown(Stack):
    postgres: Postgres
    redis: Redis

    def mend(self) -> None:
        super().mend()
        for engine in (self.postgres, self.redis):
            if not engine.answers():
                engine.kill()
                engine.start()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grown]:
    needs("postgres", "postgresql")
    needs("redis-server", "redis-server")
    with ExitStack() as started:
        postgres, redis = started.enter_context(engines.postgres(durable=True)), started.enter_context(engines.redis())
        product = grown_up(tmp_path_factory.mktemp("grown"), postgres, redis, 2)
        async with standing(product, Grown) as stack:
            stack.postgres, stack.redis = postgres, redis
            yield stack


@pytest_asyncio.fixture(loop_scope="module")
async def student(stack: Grown) -> AsyncIterator[Talker]:
    async with stack.in_conversation() as someone:
        yield someone


async def test_postgresql_is_killed_and_comes_back(stack: Grown, student: Talker) -> None:
    stack.postgres.kill()
    refused = await student.http_answer("anybody there?")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
    assert await stack.says(database="down") < 2  # a report is kept for a second
    sending = asyncio.create_task(student.asks())
    await asyncio.sleep(1)
    stack.postgres.start()
    await sending
    await student.note("PostgreSQL killed, started again", "“kept on your device” at once, then the answer", None, await stack.says(status="ok"))


async def test_every_connection_to_postgresql_is_cut_in_the_middle_of_a_turn(stack: Grown, student: Talker) -> None:
    stack.signal("actions", signal.SIGSTOP)

    async def meanwhile() -> None:
        await asyncio.sleep(0.3)
        with psycopg.connect(stack.postgres.new_database()) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL")
        stack.signal("actions", signal.SIGCONT)

    took = await student.asks(meanwhile=meanwhile)
    await student.note("all connections to PostgreSQL cut in the middle of a turn", "the answer", took, await stack.says(status="ok"))


async def test_redis_is_gone_and_comes_back(stack: Grown, student: Talker) -> None:
    stack.redis.stop()
    took = await student.asks()
    assert await stack.says(redis="down", status="degraded") < 10
    again = await student.asks()
    stack.redis.start()
    recovered = await stack.says(redis="up", status="ok")
    await student.asks()
    await student.note("Redis gone, then back", "the answer, at most about a second later", max(took, again), recovered)


@pytest.mark.parametrize("number", [0, 1])
async def test_one_of_two_desks_is_killed_in_the_middle_of_a_turn(stack: Grown, student: Talker, number: int) -> None:
    stack.signal("actions", signal.SIGSTOP)

    async def meanwhile() -> None:
        await asyncio.sleep(0.3)
        stack.signal("desk", signal.SIGKILL, only=number)
        stack.signal("actions", signal.SIGCONT)

    took = await student.asks(meanwhile=meanwhile)
    await student.note(f"desk {number + 1} of 2 killed in the middle of a turn", "the answer, from the other one if it was that one's", took)


async def test_one_of_two_rasas_is_killed(stack: Grown, student: Talker) -> None:
    stack.signal("rasa", signal.SIGKILL, only=0)
    took = await student.asks()
    await stack.says(status="degraded", rasa="up")  # one is enough, and it is told
    await student.note("Rasa 1 of 2 killed", "the answer, from the other one", took, await stack.says(status="ok"))


async def test_no_log_holds_a_word_of_a_student(stack: Grown) -> None:
    logs = [*(stack.product.folder / "log").iterdir(), stack.postgres.folder / "log.txt", stack.redis.folder / "log.txt"]
    assert len(logs) >= 8
    assert [(path.name, line[:300]) for path in logs for line in path.read_text(errors="replace").splitlines() if MARKER in line] == []
    assert os.path.getsize(stack.postgres.folder / "log.txt") > 0
