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


@dataclass(frozen=True)
class MessageStored:
    """A message got its sequence number. `payload` is the student's view of it."""

    conversation_id: str
    seq: int
    payload: dict[str, Any]


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


Event = MessageStored | StateChanged | TypingStarted


class Hub:
    """Tells listeners of a channel (a conversation id, or QUEUE) about events, within one process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Queue[Event | None]]] = defaultdict(set)

    def tell(self, event: Event) -> None:
        """Call from the event loop. A listener that fell far behind hears None and must end: its client reconnects and reads."""
        for channel in (event.conversation_id, QUEUE):
            for queue in tuple(self._listeners.get(channel, ())):
                try:
                    queue.put_nowait(event)
                except asyncio.QueueFull:
                    self._listeners[channel].discard(queue)
                    while not queue.empty():
                        queue.get_nowait()
                    queue.put_nowait(None)

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

    def count(self) -> int:
        return sum(map(len, self._listeners.values()))
