"""The whole product as `make run` starts it, with a student in it, and hands that can hurt its processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from benchmarks.processes import tree
from benchmarks.waymark import Waymark
from tests.faults.fault_table import FAULTS, Fault, within_s
from tests.faults.steadfast import SteadfastStudent

MARKER = "zyxmarker"
"""Stands in every message of these tests, so that one can look for it where it must not be."""
QUESTION = f"what is running start? ({MARKER})"
PARTS = {"desk": "desk serve", "rasa": "bot.serve", "actions": "actions.serve"}
PATIENCE_S = 90.0
S = TypeVar("S", bound="Stack")


class Stack:
    def __init__(self, product: Waymark, supervisor: subprocess.Popen[bytes]) -> None:
        self.product, self._supervisor = product, supervisor
        self.http = httpx.AsyncClient(base_url=product.bot.url, timeout=20, limits=httpx.Limits(max_keepalive_connections=0))

    def pids(self, part: str) -> list[int]:
        """The processes of a part, by their command lines."""
        found = []
        for pid in tree(self._supervisor.pid):
            try:
                words = (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if PARTS[part] in words:
                found.append(pid)
        return found

    def signal(self, part: str, number: signal.Signals, only: int | None = None) -> None:
        """To all processes of a part, or to the one at place `only`."""
        for pid in self.pids(part)[only : None if only is None else only + 1]:
            os.kill(pid, number)

    def mend(self) -> None:
        """After a test, whatever became of it: nothing is left hanging for the next one."""
        for part in PARTS:
            self.signal(part, signal.SIGCONT)

    async def health(self) -> dict[str, str]:
        """What it says of itself; nothing while it does not answer."""
        try:
            report: dict[str, str] = (await self.http.get("/health", timeout=5)).json()
            return report
        except (httpx.HTTPError, ValueError):
            return {}

    async def says(self, **wanted: str) -> float:
        """Wait until /health says so; the seconds it took. Raises TimeoutError."""
        begun = time.monotonic()
        async with asyncio.timeout(PATIENCE_S):
            while not wanted.items() <= (await self.health()).items():
                await asyncio.sleep(0.1)
        return time.monotonic() - begun

    @asynccontextmanager
    async def student(self) -> AsyncIterator[Talker]:
        someone = Talker(self.http, f"t{time.monotonic_ns()}")
        await someone.arrives()
        await someone.has_heard(1)
        try:
            yield someone
        finally:
            await someone.leaves()

    @asynccontextmanager
    async def in_conversation(self) -> AsyncIterator[Talker]:
        """Somebody in the middle of a conversation, with everything well; afterwards all is mended, whatever became of it."""
        try:
            await self.says(status="ok")
            async with self.student() as someone:
                await someone.asks()
                yield someone
        finally:
            self.mend()


@asynccontextmanager
async def standing(product: Waymark, kind: type[S]) -> AsyncIterator[S]:
    """The product, started and up."""
    with product.running() as (supervisor, begun):
        await product.wait_until_up(begun)
        stack = kind(product, supervisor)
        yield stack
        await stack.http.aclose()


class Talker(SteadfastStudent):
    """A student who waits for each reply."""

    async def asks(self, text: str = QUESTION, meanwhile: Callable[[], Awaitable[None]] | None = None) -> float:
        """Seconds until a reply was on the screen. `meanwhile`: what is done as soon as the message was taken."""
        begun, before = time.monotonic(), self.heard[-1]["seq"]
        self.sent.append(text)
        await self.posts(f"{self.name}-{len(self.sent)}", text)
        if meanwhile:
            await meanwhile()
        async with asyncio.timeout(PATIENCE_S):
            while not any(m["seq"] > before and m["sender"] == "bot" for m in self.heard):
                await asyncio.sleep(0.02)
        return time.monotonic() - begun

    async def http_answer(self, text: str) -> httpx.Response:
        """One try to send something, and how it was answered. What is sent so is not counted as sent: it must be refused."""
        return await self.student.writes(text)

    @property
    def last(self) -> dict[str, Any]:
        return next(m for m in reversed(self.heard) if m["sender"] == "bot")

    async def counts(self) -> tuple[int, int]:
        """How many messages were lost and how many doubled, by what is stored and by what the screen shows."""
        await asyncio.sleep(0.5)
        stored = await self._stored()
        ids = [m["client_id"] for m in stored if m["sender"] == "student"]
        shown, numbers = [m["seq"] for m in self.heard], [m["seq"] for m in stored]
        unanswered = sum(not turn for turn in _turns(stored))
        lost = len(self.sent) - len(set(ids)) + unanswered + len(set(numbers) - set(shown))
        doubled = len(ids) - len(set(ids)) + sum(len(turn) - len(set(turn)) for turn in _turns(stored)) + len(shown) - len(set(shown))
        return lost, doubled

    async def _stored(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.student.get("messages")).json()["messages"]
        return messages

    async def note(self, done: str, seen: str, replied_s: float | None, recovered_s: float | None = None, promised_s: float = 5.0) -> None:
        """Put the fault into the table; fails if a message was lost or doubled or the reply came too late."""
        lost, doubled = await self.counts()
        FAULTS.append(Fault(done, seen, replied_s, recovered_s, lost, doubled))
        assert (lost, doubled) == (0, 0), [(m["seq"], m["sender"], m["text"][:40]) for m in self.heard]
        assert replied_s is None or replied_s < within_s(promised_s)


def _turns(stored: list[dict[str, Any]]) -> list[list[str]]:
    """What was said after each of the student's messages, up to the next."""
    turns: list[list[str]] = []
    for message in stored:
        if message["sender"] == "student":
            turns.append([])
        elif turns:
            turns[-1].append(message["text"])
    return turns
