"""One student in one conversation, over the student API, as a browser would do it."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

PATIENCE_S = 20.0
_LOOK_AGAIN_S = 0.01


@dataclass(frozen=True)
class Heard:
    """What came back for one message: everything not said by the student, and how long the first word took."""

    replies: list[dict[str, Any]]
    latency_ms: float


class Student:
    """`client` carries the address of the product as its base URL."""

    def __init__(self, client: httpx.AsyncClient, conversation_id: str, token: str) -> None:
        self._client = client
        self._place = f"/api/conversations/{conversation_id}"
        self._headers = {"Authorization": f"Bearer {token}"}

    @classmethod
    async def begin(cls, client: httpx.AsyncClient, language: str) -> Student:
        opened = (await client.post("/api/conversations", json={"language": language})).raise_for_status().json()
        return cls(client, opened["conversation_id"], opened["token"])

    async def say(self, text: str) -> Heard:
        return await self._send({"text": text})

    async def choose(self, choice_id: str) -> Heard:
        return await self._send({"choice_id": choice_id})

    async def leave(self) -> None:
        """Delete the conversation, so that no advisor finds a measurement in the queue."""
        (await self._client.delete(self._place, headers=self._headers)).raise_for_status()

    async def _send(self, said: dict[str, str]) -> Heard:
        address, begun = f"{self._place}/messages", time.perf_counter()
        body = {"client_id": str(uuid.uuid4()), **said}
        sent = (await self._client.post(address, json=body, headers=self._headers)).raise_for_status().json()["message"]
        replies: list[dict[str, Any]] = []
        # All replies of a turn are stored at once, so the first sight of one is the sight of all.
        while not replies and time.perf_counter() - begun < PATIENCE_S:
            page = await self._client.get(address, params={"after": sent["seq"]}, headers=self._headers)
            replies = [m for m in page.raise_for_status().json()["messages"] if m["sender"] != "student"]
            if not replies:
                await asyncio.sleep(_LOOK_AGAIN_S)
        return Heard(replies, (time.perf_counter() - begun) * 1000)
