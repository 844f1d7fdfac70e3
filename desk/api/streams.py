"""Event streams: first what was missed, then what happens. Sequence numbers make repeats and gaps impossible."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Any

import structlog
from anyio import to_thread

from desk import metrics
from desk.advising.presence import BEAT_S
from desk.api.sse import STILL_HERE, event
from desk.conversations.events import DELETED, QUEUE, Event, Looked, MessageStored, StateChanged, TypingStarted
from desk.conversations.service import ASKED_FOR_PERSON
from desk.conversations.states import State
from desk.errors import NotFound
from desk.wiring import Desk
from knowledge.errors import StoreUnavailable
from knowledge.stages import SECONDS

log = structlog.get_logger("desk.streams")


async def of_conversation(desk: Desk, conversation_id: str, seen: int) -> AsyncGenerator[bytes, None]:
    """What a student's stream carries from message `seen` on."""
    metrics.STREAMS.inc()
    try:
        async with desk.hub.listen(conversation_id) as queue:
            screen = _Screen(desk, conversation_id, seen)
            async for said in screen.where_it_stands():
                yield said
            async for said in screen.what_is_stored():
                yield said
            async for news in _heard(queue):
                said_now = [said async for said in (screen.what_follows(news) if news else screen.still_here())]
                if said_now:
                    yield b"".join(said_now)
                if screen.ended:
                    return
    except NotFound:
        yield event("state", {"state": DELETED, "advisor": None})
    except StoreUnavailable as error:  # the stream ends; its client comes back and reads on from what it saw
        log.warning("stream_ended", conversation=conversation_id, cause=str(error)[:200])
    finally:
        metrics.STREAMS.dec()


class _Screen:
    """What one student has been shown: messages up to `seen`, and where the conversation stands as last `told`."""

    def __init__(self, desk: Desk, conversation_id: str, seen: int) -> None:
        self._desk, self._id, self._seen = desk, conversation_id, seen
        self._told: dict[str, Any] = {}
        self.ended = False

    async def where_it_stands(self, again: bool = True, moved: bool = False) -> AsyncIterator[bytes]:
        """`again`: also if nothing is different. A student who asked for a person is noted as being here."""
        conversation = await to_thread.run_sync(self._desk.store.access_for_staff, self._id)
        if moved or conversation.state is not State.WITH_BOT:
            await to_thread.run_sync(self._desk.people.line.student_is_here, self._id)
        before, self._told = self._told, await self._desk.service.standing(conversation)
        if again or before != self._told:
            yield event("state", self._told)

    async def still_here(self) -> AsyncIterator[bytes]:
        """Some time has passed; for who waits the line may have moved on."""
        yield STILL_HERE
        if self._told["state"] in ASKED_FOR_PERSON:
            async for said in self.where_it_stands(again=False):
                yield said

    async def what_is_stored(self, until: float = math.inf) -> AsyncIterator[bytes]:
        """Stored messages not seen yet up to number `until`, a page at a time."""
        while self._seen < until and (page := await to_thread.run_sync(self._desk.store.messages, self._id, self._seen)):
            for message in page:
                if message.seq > until:
                    return
                yield event("message", message.for_student(), message.seq)
                self._seen = message.seq

    async def what_follows(self, news: list[Event]) -> AsyncIterator[bytes]:
        for happened in news:
            async for said in self._what_follows(happened):
                yield said

    async def _what_follows(self, happened: Event) -> AsyncIterator[bytes]:
        match happened:
            case MessageStored(seq=seq) if seq <= self._seen:
                return
            case MessageStored(seq=seq, payload=payload, whole=True) if seq == self._seen + 1:
                yield event("message", payload, seq)
                self._seen = seq
                if "created_at" in payload:
                    waited = self._desk.store.clock() - dt.datetime.fromisoformat(payload["created_at"])
                    SECONDS.labels("delivery").observe(max(0.0, waited.total_seconds()))
            case MessageStored(seq=seq):  # heard out of order, or from another process: read it
                async for said in self.what_is_stored(seq):
                    yield said
            case StateChanged(state=state) if state == DELETED:
                self.ended = True
                yield event("state", {"state": DELETED, "advisor": None})
            case StateChanged():
                async for said in self.where_it_stands(moved=True):
                    yield said
            case TypingStarted(sender=sender) if sender != "student":
                yield event("typing", {"sender": sender})
            case Looked(last_seq=last_seq, state=state):
                async for said in self._what_was_missed(last_seq, state):
                    yield said

    async def _what_was_missed(self, last_seq: int, state: str) -> AsyncIterator[bytes]:
        if state == DELETED:
            self.ended = True
            yield event("state", {"state": DELETED, "advisor": None})
        elif state != self._told["state"]:
            async for said in self.where_it_stands():
                yield said
        if last_seq > self._seen:
            async for said in self.what_is_stored():
                yield said


async def _heard(queue: asyncio.Queue[Event | None]) -> AsyncIterator[list[Event]]:
    """What has happened, in order; now and then nothing: the browser is still there. Ends when the listener fell too far behind.

    What one step sets in motion (a message is stored, the program begins to write) is heard together and goes out in one piece.
    """
    clock = asyncio.get_running_loop().time
    next_beat = clock() + BEAT_S
    while True:
        news: list[Event | None] = []
        with suppress(TimeoutError):
            async with asyncio.timeout_at(next_beat):
                news.append(await queue.get())
        if not news:
            next_beat = clock() + BEAT_S
        else:
            await asyncio.sleep(0)
            while not queue.empty():
                news.append(queue.get_nowait())
        if None in news:
            return
        yield [happened for happened in news if happened is not None]


async def of_queue(desk: Desk, user_id: int) -> AsyncGenerator[bytes, None]:
    """What the advisors' pages hear: which conversation changed, never its text. While it is open its reader is at the desk."""
    async with desk.hub.listen(QUEUE) as queue:
        await to_thread.run_sync(desk.people.presence.is_here, user_id)
        async for news in _heard(queue):
            yield b"".join(map(_queue_event, news)) or STILL_HERE
            if not news:
                await to_thread.run_sync(desk.people.presence.is_here, user_id)


def _queue_event(happened: Event) -> bytes:
    data = {"conversation_id": happened.conversation_id}
    match happened:
        case MessageStored(payload=payload, seq=seq):
            return event("message", {**data, "seq": seq, "sender": payload["sender"]})
        case StateChanged(state=state, advisor=advisor):
            return event("state", {**data, "state": state, "advisor": advisor})
        case Looked(state=state):
            return event("state", {**data, "state": state, "advisor": None})
        case TypingStarted(sender=sender):
            return event("typing", {**data, "sender": sender})
