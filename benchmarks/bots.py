"""The two bots as a measurement sees them: something one can converse with.

Each student has a connection of their own, as a browser has, and speaks through desk/loopback.py: a general HTTP client took
3 ms of the two cores for each turn of ours, and a bot that fills one core only does not mind who uses the other.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, Protocol

import httpx

from benchmarks.streams import EventStream
from desk.loopback import Loopback, Refused

PATIENCE_S = 20.0


class NoReply(Exception):
    """A message was refused or not answered in time."""


class Talk(Protocol):
    async def say(self, text: str) -> float:
        """Milliseconds from sending to the reply. Raises NoReply."""
        ...


class Bot(Protocol):
    messages: tuple[str, ...]

    def converse(self) -> AbstractAsyncContextManager[Talk]:
        """A new conversation. Raises NoReply."""
        ...


class Student:
    """A conversation with our bot: words by POST, replies by the event stream, as in a browser."""

    def __init__(self, desk: Loopback, conversation_id: str, token: str, stream: EventStream) -> None:
        self._desk, self._stream = desk, stream
        self._path, self._headers = f"/api/conversations/{conversation_id}/messages", {"Authorization": f"Bearer {token}"}
        self.last: dict[str, Any] = {}

    async def say(self, text: str) -> float:
        begun = time.perf_counter()
        with _no_reply_told():
            async with asyncio.timeout(PATIENCE_S):
                body = {"client_id": str(uuid.uuid4()), "text": text}
                sent = (await self._desk.send("POST", self._path, body, self._headers))["message"]
                while True:
                    heard = await self._stream.next()
                    if heard.name == "message" and heard.data["sender"] != "student" and heard.data["seq"] > sent["seq"]:
                        self.last = heard.data
                        return (heard.at - begun) * 1000


class OurBot:
    def __init__(self, port: int, messages: tuple[str, ...]) -> None:
        self.port, self.messages = port, messages
        self.url = f"http://127.0.0.1:{port}"

    @asynccontextmanager
    async def converse(self) -> AsyncIterator[Student]:
        async with _connection(self.url) as desk:
            with _no_reply_told():
                async with asyncio.timeout(PATIENCE_S):
                    opened = await desk.send("POST", "/api/conversations", {"language": "en"})
                    stream = await EventStream.open(self.port, opened["conversation_id"], opened["token"])
            try:
                await stream.next()  # where the conversation stands: from here on nothing is missed
                yield Student(desk, opened["conversation_id"], opened["token"], stream)
            finally:
                stream.close()


class _DefaultTalk:
    def __init__(self, rasa: Loopback) -> None:
        self._rasa, self._sender = rasa, str(uuid.uuid4())

    async def say(self, text: str) -> float:
        begun = time.perf_counter()
        with _no_reply_told():
            async with asyncio.timeout(PATIENCE_S):
                await self._rasa.send("POST", "/webhooks/rest/webhook", {"sender": self._sender, "message": text})
        return (time.perf_counter() - begun) * 1000


class DefaultBot:
    def __init__(self, port: int, messages: tuple[str, ...]) -> None:
        self.messages, self._url = messages, f"http://127.0.0.1:{port}"

    @asynccontextmanager
    async def converse(self) -> AsyncIterator[_DefaultTalk]:
        async with _connection(self._url) as rasa:
            yield _DefaultTalk(rasa)


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator[Loopback]:
    made = Loopback(url)
    try:
        yield made
    finally:
        await made.close()


@contextmanager
def _no_reply_told() -> Iterator[None]:
    try:
        yield
    except (Refused, OSError, EOFError, ValueError, TimeoutError) as error:
        raise NoReply(f"{type(error).__name__}: {error}") from error


def a_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=PATIENCE_S, limits=httpx.Limits(max_connections=200, max_keepalive_connections=200))
