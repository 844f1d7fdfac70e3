"""The hub of several desk processes: what one of them tells, the listeners of all hear, by way of Redis.

Redis carries no history and no text of a message: only that there is one, and its number; whoever shows it reads it from
the database. While Redis is away each process still tells its own listeners, and `look_every_s` asks for a more frequent
look into the database (watch.py), so that a message told elsewhere comes a second late instead of not at all.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import asdict, replace
from typing import Any, get_args

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from desk.conversations.events import QUEUE, Event, Hub, MessageStored

log = structlog.get_logger("desk.hub")

CHANNEL = "waymark:events"
KEPT_BACK = 2000
"""Events that may wait to be sent; older ones are dropped, the look into the database makes up for them."""
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}
_AWAY = (RedisError, OSError, asyncio.TimeoutError)


class RedisHub(Hub):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url, self._me = url, secrets.token_hex(6)
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(KEPT_BACK)
        self.connected = False

    @property
    def look_every_s(self) -> float:
        return 5.0 if self.connected else 1.0

    def tell(self, event: Event) -> None:
        super().tell(event)
        if self._outgoing.full():
            self._outgoing.get_nowait()
        self._outgoing.put_nowait(packed(self._me, event))

    async def run(self) -> None:
        """Stay connected; never ends by itself."""
        while True:
            redis = Redis.from_url(self._url, socket_connect_timeout=2, socket_keepalive=True, health_check_interval=10)
            try:
                await self._exchange(redis)
            except* _AWAY as errors:
                if self.connected:
                    log.warning("redis_away", cause=str(errors.exceptions[0])[:200])
                self.connected = False
            finally:
                await redis.aclose()
            await asyncio.sleep(0.5)

    async def _exchange(self, redis: Redis) -> None:
        async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(CHANNEL)
            self.connected = True
            log.info("redis_connected")
            async with asyncio.TaskGroup() as both:
                both.create_task(self._send(redis))
                both.create_task(self._hear(subscription))

    async def _send(self, redis: Redis) -> None:
        while True:
            waiting = [await self._outgoing.get()]
            while not self._outgoing.empty() and len(waiting) < 100:
                waiting.append(self._outgoing.get_nowait())
            async with redis.pipeline(transaction=False) as at_once:
                for words in waiting:
                    at_once.publish(CHANNEL, words)
                async with asyncio.timeout(3):
                    await at_once.execute()

    async def _hear(self, subscription: Any) -> None:
        while True:
            # A quiet hour is no fault: the timeout only lets the connection be checked.
            heard = await subscription.get_message(timeout=5)
            if heard is not None:
                self._heard(heard["data"].decode())

    def _heard(self, words: str) -> None:
        """Most events concern nobody who listens here; those are put aside before they are unpacked."""
        sender, conversation_id, rest = words.split("\n", 2)
        if sender != self._me and (self.listens(conversation_id) or self.listens(QUEUE)):
            self.tell_here(unpacked(rest))


def packed(sender: str, event: Event) -> str:
    """Three lines: who tells, which conversation, what. Of a message only its number and who wrote it."""
    if isinstance(event, MessageStored):
        event = replace(event, payload={"sender": event.payload.get("sender")}, whole=False)
    return f"{sender}\n{event.conversation_id}\n{json.dumps([type(event).__name__, asdict(event)])}"


def unpacked(words: str) -> Event:
    kind, values = json.loads(words)
    event: Event = _KINDS[kind](**values)
    return event
