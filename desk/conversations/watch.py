"""A look into the database for what the hub may not have told: events of other desk processes that got lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from anyio import to_thread

from desk.conversations.events import DELETED, QUEUE, Hub, Looked
from desk.conversations.store import ConversationStore

log = structlog.get_logger("desk.watch")

AT_ONCE = 500


class Watch:
    def __init__(self, store: ConversationStore, hub: Hub) -> None:
        self._store, self._hub = store, hub
        self._queue: dict[str, tuple[int, str]] = {}

    async def run(self) -> None:
        """Looks as often as the hub asks for; for ever. Without other processes the hub asks for nothing."""
        while (pause := self._hub.look_every_s) is not None:
            await asyncio.sleep(pause)
            try:
                await self.look()
            except Exception as error:  # the database may be away for a while; the next look tries again
                log.warning("look_failed", cause=str(error)[:200])

    async def look(self) -> None:
        """Tell every listening stream where its conversation stands; the stream knows whether that is news."""
        here = [channel for channel in self._hub.channels() if channel != QUEUE]
        for start in range(0, len(here), AT_ONCE):
            await self._look_at(here[start : start + AT_ONCE])
        if self._hub.listens(QUEUE):
            await self._look_at_queue()

    async def _look_at(self, conversation_ids: Sequence[str]) -> None:
        found = await to_thread.run_sync(self._store.turns.standings, conversation_ids)
        for conversation_id in conversation_ids:
            self._hub.tell_here(Looked(conversation_id, *found.get(conversation_id, (0, DELETED))), queue=False)

    async def _look_at_queue(self) -> None:
        items = await to_thread.run_sync(self._store.queue)
        now = {str(item["id"]): (int(item["last_seq"]), str(item["state"])) for item in items}
        for conversation_id in now.keys() | self._queue.keys():
            if now.get(conversation_id) != self._queue.get(conversation_id):
                self._hub.tell_here(Looked(conversation_id, *now.get(conversation_id, (0, "left"))))
        self._queue = now
