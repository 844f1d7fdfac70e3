"""A student as the widget is one: an outbox that is tried until the desk has it, a stream that reads on from what it saw."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import httpx

from tests.integration.people import Student

AGAIN_S = 0.15


class SteadfastStudent:
    """`heard`: every message the stream brought, in the order it came. `tries`: posts until all were taken."""

    def __init__(self, http: httpx.AsyncClient, name: str) -> None:
        self._http, self.name = http, name
        self.sent: list[str] = []
        self.heard: list[dict[str, Any]] = []
        self.tries = 0
        self._student: Student | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def student(self) -> Student:
        assert self._student is not None
        return self._student

    async def arrives(self) -> None:
        while self._student is None:
            try:
                self._student = await Student.arrives(self._http)
            except (httpx.HTTPError, AssertionError):
                await asyncio.sleep(AGAIN_S)
        self._listening = asyncio.create_task(self._listen())

    async def writes(self, count: int, pause_s: float, chance: random.Random) -> None:
        for n in range(count):
            text = f"{self.name} message {n}"
            self.sent.append(text)
            await self.posts(f"{self.name}-{n}", text)
            await asyncio.sleep(chance.uniform(0, 2 * pause_s))

    async def posts(self, client_id: str, text: str) -> None:
        """Returns when the desk has it."""
        while True:
            self.tries += 1
            try:
                answer = await self.student.writes(text, client_id)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == 202:
                return
            assert answer is None or answer.status_code in (429, 503), answer.text
            await asyncio.sleep(AGAIN_S)

    async def _listen(self) -> None:
        while True:
            try:
                await self._read_on()
            except httpx.HTTPError:
                pass  # cut off; the next stream goes on where this one ended
            await asyncio.sleep(AGAIN_S)

    async def _read_on(self) -> None:
        seen = self.heard[-1]["seq"] if self.heard else 0
        headers = {**self.student.headers, "Last-Event-ID": str(seen)}
        async with self._http.stream("GET", f"{self.student.path}/events", headers=headers) as response:
            name = ""
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: ") and name == "message":
                    self.heard.append(json.loads(line[6:]))

    async def has_heard(self, last_seq: int) -> None:
        while not self.heard or self.heard[-1]["seq"] < last_seq:
            await asyncio.sleep(0.05)

    async def leaves(self) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
