"""The whole product on one machine: each of its processes killed or hung in the middle of a turn, with a student in it.

Nobody helps: the supervisor, the claims and the fallback do. At the end no log of any process holds a word of the student.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from benchmarks.waymark import Waymark, copy_database
from tests.faults.desk_process import ROOT
from tests.faults.stack import MARKER, Stack, Talker, standing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    folder = tmp_path_factory.mktemp("product")
    product = Waymark(folder, copy_database(ROOT / "var" / "waymark.db", folder), more={"OFFICE_HOURS": "mon-sun 00:00-23:59"})
    async with standing(product, Stack) as stack:
        yield stack


@pytest_asyncio.fixture(loop_scope="module")
async def student(stack: Stack) -> AsyncIterator[Talker]:
    async with stack.in_conversation() as someone:
        yield someone


async def test_the_desk_is_killed_in_the_middle_of_a_turn(stack: Stack, student: Talker) -> None:
    stack.signal("actions", signal.SIGSTOP)  # the turn cannot end before the desk does

    async def meanwhile() -> None:
        await asyncio.sleep(0.3)
        stack.signal("desk", signal.SIGKILL)
        stack.signal("actions", signal.SIGCONT)

    took = await student.asks(meanwhile=meanwhile)
    await student.note("the desk killed in the middle of a turn", "the answer, a moment later", took, await stack.says(status="ok"))


async def test_rasa_is_killed_in_the_middle_of_a_turn(stack: Stack, student: Talker) -> None:
    stack.signal("actions", signal.SIGSTOP)

    async def meanwhile() -> None:
        await asyncio.sleep(0.3)
        stack.signal("rasa", signal.SIGKILL)
        stack.signal("actions", signal.SIGCONT)

    took = await student.asks(meanwhile=meanwhile)
    assert student.last["answer"]["status"] == "answered"
    await stack.says(status="degraded")
    await student.note("Rasa killed in the middle of a turn", "the answer, from knowledge", took, await stack.says(status="ok"))


async def test_the_action_server_is_killed_in_the_middle_of_a_turn(stack: Stack, student: Talker) -> None:
    stack.signal("actions", signal.SIGSTOP)

    async def meanwhile() -> None:
        await asyncio.sleep(0.3)
        stack.signal("actions", signal.SIGKILL)

    took = await student.asks(meanwhile=meanwhile)
    assert student.last["answer"]["status"] == "answered"
    await student.note("the action server killed in the middle of a turn", "the answer", took, await stack.says(status="ok"))


async def test_rasa_hangs_and_only_the_first_student_waits(stack: Stack, student: Talker) -> None:
    stack.signal("rasa", signal.SIGSTOP)
    first = await student.asks()
    async with stack.student() as another:
        second = await another.asks()
    assert second < 2 or second < first, "a Rasa that hangs is left alone"
    health = await stack.health()
    assert (health["status"], health["rasa"]) == ("degraded", "down")
    stack.signal("rasa", signal.SIGCONT)
    await student.note("Rasa hangs", "the answer, from knowledge; the next ones at once", first, await stack.says(status="ok"))


async def test_the_action_server_hangs(stack: Stack, student: Talker) -> None:
    stack.signal("actions", signal.SIGSTOP)
    took = await student.asks()
    assert student.last["answer"]["status"] == "answered"
    await stack.says(actions="down")
    stack.signal("actions", signal.SIGCONT)
    await student.note("the action server hangs", "the answer, from knowledge", took, await stack.says(status="ok"))


async def test_another_program_locks_the_database(stack: Stack, student: Talker) -> None:
    holding = sqlite3.connect(stack.product.folder / "waymark.db", isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")
    sending = asyncio.create_task(student.asks())
    refused = await student.http_answer("hello there")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
    assert refused.elapsed.total_seconds() < 15
    assert (await stack.health()).get("database") != "up"
    holding.execute("ROLLBACK")
    holding.close()
    await sending
    await student.note("the database locked", "“kept on your device” within seconds, then the answer", None, await stack.says(status="ok"))


async def test_everything_is_killed_at_once_as_by_a_power_cut(stack: Stack, student: Talker) -> None:
    async def meanwhile() -> None:
        for part in ("actions", "rasa", "desk"):
            stack.signal(part, signal.SIGKILL)

    took = await student.asks(meanwhile=meanwhile)
    await student.note("desk, Rasa and actions killed at once", "the answer, after the restart", took, await stack.says(status="ok"))


async def test_no_log_holds_a_word_of_a_student(stack: Stack) -> None:
    logs = [path for path in (stack.product.folder / "log").iterdir() if path.is_file()]
    assert {"desk_0.log", "rasa_0.log", "actions_0.log"} <= {path.name for path in logs}
    assert [(path.name, line[:300]) for path in logs for line in path.read_text(errors="replace").splitlines() if MARKER in line] == []
    assert "conversation" in (stack.product.folder / "log" / "desk_0.log").read_text(), "but the conversation's id is there"
