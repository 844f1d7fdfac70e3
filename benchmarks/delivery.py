"""How many event streams one desk holds open, and how soon each message is on the student's screen."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import resource
import time
import uuid
from dataclasses import dataclass

import httpx

from benchmarks.bots import a_client
from benchmarks.figures import Spread
from benchmarks.streams import EventStream

POSTS_PER_S = 6.0
OPENING_AT_ONCE = 20
MESSAGE = "what is running start"
IN_TIME_MS = 250.0


@dataclass(frozen=True)
class Step:
    """`streams` open at once, `broken` of them before the end; `expected` messages were due; `delivery` is from stored to heard."""

    streams: int
    broken: int
    expected: int
    delivery: Spread

    @property
    def holds(self) -> bool:
        return self.broken == 0 and self.delivery.count >= self.expected and self.delivery.p95 <= IN_TIME_MS


def raise_limit_of_files() -> int:
    """Let this process, and all it starts, hold as many connections as the system allows; returns how many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


class Audience:
    """Open streams, each with its own conversation, each heard all the time."""

    def __init__(self, port: int, client: httpx.AsyncClient) -> None:
        self._port, self._client = port, client
        self._places: list[tuple[str, dict[str, str]]] = []
        self._listening: list[asyncio.Task[None]] = []
        self._delays: list[float] = []
        self._since = time.time()

    async def grow_to(self, size: int) -> None:
        gate = asyncio.Semaphore(OPENING_AT_ONCE)

        async def one() -> None:
            async with gate:
                opened = (await self._client.post(f"http://127.0.0.1:{self._port}/api/conversations")).raise_for_status().json()
                stream = await EventStream.open(self._port, opened["conversation_id"], opened["token"])
                await stream.next()
            address = f"http://127.0.0.1:{self._port}/api/conversations/{opened['conversation_id']}/messages"
            self._places.append((address, {"Authorization": f"Bearer {opened['token']}"}))
            self._listening.append(asyncio.create_task(self._listen(stream)))

        done = await asyncio.gather(*(one() for _ in range(size - len(self._places))), return_exceptions=True)
        for failed in filter(None, done):
            raise failed

    async def _listen(self, stream: EventStream) -> None:
        try:
            while True:
                heard = await stream.next()
                if heard.name == "message":
                    stored = dt.datetime.fromisoformat(heard.data["created_at"]).timestamp()
                    if stored >= self._since:  # not the greeting of a stream opened before
                        self._delays.append((heard.wall - stored) * 1000)
        finally:
            stream.close()

    async def measure(self, posts: int, per_s: float, seed: int = 1) -> Step:
        """Post to conversations drawn by chance, steadily; the student's own message and the reply are both awaited."""
        await asyncio.sleep(1)
        self._delays.clear()
        self._since = time.time()
        for address, headers in random.Random(seed).choices(self._places, k=posts):
            body = {"client_id": str(uuid.uuid4()), "text": MESSAGE}
            (await self._client.post(address, json=body, headers=headers)).raise_for_status()
            await asyncio.sleep(1 / per_s)
        for _ in range(50):
            if len(self._delays) >= 2 * posts:
                break
            await asyncio.sleep(0.1)
        broken = sum(task.done() for task in self._listening)
        return Step(len(self._listening), broken, 2 * posts, Spread.of(self._delays))

    async def leave(self) -> None:
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)


async def climb(port: int, sizes: list[int], posts: int, per_s: float = POSTS_PER_S) -> list[Step]:
    """More and more streams, until a step fails: a stream broke, a message came late or not at all."""
    steps: list[Step] = []
    async with a_client() as client:
        audience = Audience(port, client)
        try:
            for size in sizes:
                await audience.grow_to(size)
                steps.append(await audience.measure(posts, per_s))
                if not steps[-1].holds:
                    break
        except (httpx.HTTPError, ConnectionError, OSError, asyncio.IncompleteReadError) as error:
            print(f"  {size} streams could not be opened: {type(error).__name__}: {error}", flush=True)
        finally:
            await audience.leave()
    return steps
