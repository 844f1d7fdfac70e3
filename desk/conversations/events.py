"""What happened in a conversation, past tense, and the hub that tells whoever listens.

The hub carries no history: a listener that was away reads the messages table from its last sequence number. So a lost
event can delay a message and never lose one.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

QUEUE = "queue"
"""The channel of the advisors' queue."""
DELETED = "deleted"
"""What a stream hears instead of a state when its conversation is gone."""


@dataclass(frozen=True)
class MessageStored:
    """A message got its sequence number. `payload` is the student's view of it; not `whole`: only who wrote it."""

    conversation_id: str
    seq: int
    payload: dict[str, Any]
    whole: bool = True


@dataclass(frozen=True)
class StateChanged:
    conversation_id: str
    state: str
    advisor: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TypingStarted:
    conversation_id: str
    sender: str


@dataclass(frozen=True)
class Looked:
    """Somebody looked into the database: the conversation has messages up to `last_seq` and is in `state`, news or not."""

    conversation_id: str
    last_seq: int
    state: str


Event = MessageStored | StateChanged | TypingStarted | Looked


class Hub:
    """Tells listeners of a channel (a conversation id, or QUEUE) about events, within one process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Queue[Event | None]]] = defaultdict(set)

    connected = True
    """Do all processes that should hear of an event hear of it?"""

    @property
    def look_every_s(self) -> float | None:
        """How often somebody must look into the database for events of other processes; None: there are none."""
        return None

    async def run(self) -> None:
        """What the hub does in the background."""

    def tell(self, event: Event) -> None:
        """Call from the event loop: whoever listens, wherever, hears of it."""
        self.tell_here(event)

    def tell_here(self, event: Event, queue: bool = True) -> None:
        """Listeners of this process only, those of the queue too unless told otherwise.

        A listener that fell far behind hears None and must end: its client reconnects and reads.
        """
        for channel in (event.conversation_id, QUEUE) if queue else (event.conversation_id,):
            for listener in tuple(self._listeners.get(channel, ())):
                try:
                    listener.put_nowait(event)
                except asyncio.QueueFull:
                    self._listeners[channel].discard(listener)
                    _end(listener)

    @asynccontextmanager
    async def listen(self, channel: str) -> AsyncIterator[asyncio.Queue[Event | None]]:
        queue: asyncio.Queue[Event | None] = asyncio.Queue(maxsize=256)
        self._listeners[channel].add(queue)
        try:
            yield queue
        finally:
            self._listeners[channel].discard(queue)
            if not self._listeners[channel]:
                del self._listeners[channel]

    def close(self) -> None:
        """Every listener hears None and ends; its client comes back, to a desk that is not being stopped."""
        for listeners in tuple(self._listeners.values()):
            for listener in tuple(listeners):
                _end(listener)

    def listens(self, channel: str) -> bool:
        return channel in self._listeners

    def channels(self) -> list[str]:
        """Those that somebody listens to."""
        return list(self._listeners)

    def count(self) -> int:
        return sum(map(len, self._listeners.values()))


def _end(listener: asyncio.Queue[Event | None]) -> None:
    while not listener.empty():
        listener.get_nowait()
    listener.put_nowait(None)
