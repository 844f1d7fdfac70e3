"""The two bots as a measurement sees them: something one can converse with."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import httpx

from benchmarks.streams import EventStream

PATIENCE_S = 20.0


class NoReply(Exception):
    """A message was refused or not answered in time."""


class Talk(Protocol):
    async def say(self, text: str) -> float:
        """Milliseconds from sending to the reply. Raises NoReply."""
        ...


class Bot(Protocol):
    messages: tuple[str, ...]

    def converse(self, client: httpx.AsyncClient) -> AbstractAsyncContextManager[Talk]:
        """A new conversation."""
        ...


class Student:
    """A conversation with our bot: words by POST, replies by the event stream, as in a browser."""

    def __init__(self, client: httpx.AsyncClient, place: str, token: str, stream: EventStream) -> None:
        self._client, self._stream = client, stream
        self._address, self._headers = f"{place}/messages", {"Authorization": f"Bearer {token}"}
        self.last: dict[str, Any] = {}

    async def say(self, text: str) -> float:
        begun = time.perf_counter()
        body = {"client_id": str(uuid.uuid4()), "text": text}
        try:
            sent = (await self._client.post(self._address, json=body, headers=self._headers)).raise_for_status().json()["message"]
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    heard = await self._stream.next()
                    if heard.name == "message" and heard.data["sender"] != "student" and heard.data["seq"] > sent["seq"]:
                        self.last = heard.data
                        return (heard.at - begun) * 1000
        except (httpx.HTTPError, ConnectionError, TimeoutError) as error:
            raise NoReply(f"{type(error).__name__}: {error}") from error


class OurBot:
    def __init__(self, port: int, messages: tuple[str, ...]) -> None:
        self.port, self.messages = port, messages
        self.url = f"http://127.0.0.1:{port}"

    @asynccontextmanager
    async def converse(self, client: httpx.AsyncClient) -> AsyncIterator[Student]:
        opened = (await client.post(f"{self.url}/api/conversations", json={"language": "en"})).raise_for_status().json()
        stream = await EventStream.open(self.port, opened["conversation_id"], opened["token"])
        try:
            await stream.next()  # where the conversation stands: from here on nothing is missed
            yield Student(client, f"{self.url}/api/conversations/{opened['conversation_id']}", opened["token"], stream)
        finally:
            stream.close()


class _DefaultTalk:
    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client, self._url, self._sender = client, url, str(uuid.uuid4())

    async def say(self, text: str) -> float:
        begun = time.perf_counter()
        try:
            body = {"sender": self._sender, "message": text}
            (await self._client.post(f"{self._url}/webhooks/rest/webhook", json=body)).raise_for_status()
        except httpx.HTTPError as error:
            raise NoReply(f"{type(error).__name__}: {error}") from error
        return (time.perf_counter() - begun) * 1000


class DefaultBot:
    def __init__(self, port: int, messages: tuple[str, ...]) -> None:
        self.messages, self._url = messages, f"http://127.0.0.1:{port}"

    @asynccontextmanager
    async def converse(self, client: httpx.AsyncClient) -> AsyncIterator[_DefaultTalk]:
        yield _DefaultTalk(client, self._url)


def a_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=PATIENCE_S, limits=httpx.Limits(max_connections=200, max_keepalive_connections=200))
