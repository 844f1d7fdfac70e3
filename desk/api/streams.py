"""Event streams: first what was missed, then what happens. Sequence numbers make repeats and gaps impossible."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator

import structlog
from anyio import to_thread
from sse_starlette import ServerSentEvent

from desk import metrics
from desk.conversations.events import DELETED, QUEUE, Event, Looked, MessageStored, StateChanged, TypingStarted
from desk.wiring import Desk
from knowledge.errors import StoreUnavailable

log = structlog.get_logger("desk.streams")


def _event(name: str, data: object, number: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name, id=None if number is None else str(number))


async def of_conversation(desk: Desk, conversation_id: str, seen: int) -> AsyncIterator[ServerSentEvent]:
    """What a student's stream carries from message `seen` on."""
    metrics.STREAMS.inc()
    try:
        async with desk.hub.listen(conversation_id) as queue:
            screen = _Screen(desk, conversation_id, seen)
            async for event in screen.where_it_stands():
                yield event
            async for event in screen.what_is_stored():
                yield event
            while not screen.ended and (happened := await queue.get()) is not None:
                async for event in screen.what_follows(happened):
                    yield event
    except StoreUnavailable as error:  # the stream ends; its client comes back and reads on from what it saw
        log.warning("stream_ended", conversation=conversation_id, cause=str(error)[:200])
    finally:
        metrics.STREAMS.dec()


class _Screen:
    """What one student has been shown: messages up to `seen`, and the state `told`."""

    def __init__(self, desk: Desk, conversation_id: str, seen: int) -> None:
        self._desk, self._id, self._seen, self._told = desk, conversation_id, seen, ""
        self.ended = False

    async def where_it_stands(self) -> AsyncIterator[ServerSentEvent]:
        conversation = await to_thread.run_sync(self._desk.store.access_for_staff, self._id)
        self._told = str(conversation.state)
        yield _event("state", await self._desk.service.standing(conversation))

    async def what_is_stored(self, until: float = math.inf) -> AsyncIterator[ServerSentEvent]:
        """Stored messages not seen yet up to number `until`, a page at a time."""
        while self._seen < until and (page := await to_thread.run_sync(self._desk.store.messages, self._id, self._seen)):
            for message in page:
                if message.seq > until:
                    return
                yield _event("message", message.for_student(), message.seq)
                self._seen = message.seq

    async def what_follows(self, happened: Event) -> AsyncIterator[ServerSentEvent]:
        match happened:
            case MessageStored(seq=seq) if seq <= self._seen:
                return
            case MessageStored(seq=seq, payload=payload, whole=True) if seq == self._seen + 1:
                yield _event("message", payload, seq)
                self._seen = seq
            case MessageStored(seq=seq):  # heard out of order, or from another process: read it
                async for event in self.what_is_stored(seq):
                    yield event
            case StateChanged(state=state, advisor=advisor):
                self._told, self.ended = state, state == DELETED
                yield _event("state", {"state": state, "advisor": advisor})
            case TypingStarted(sender=sender):
                yield _event("typing", {"sender": sender})
            case Looked(last_seq=last_seq, state=state):
                async for event in self._what_was_missed(last_seq, state):
                    yield event

    async def _what_was_missed(self, last_seq: int, state: str) -> AsyncIterator[ServerSentEvent]:
        if state == DELETED:
            self.ended = True
            yield _event("state", {"state": DELETED, "advisor": None})
        elif state != self._told:
            async for event in self.where_it_stands():
                yield event
        if last_seq > self._seen:
            async for event in self.what_is_stored():
                yield event


async def of_queue(desk: Desk) -> AsyncIterator[ServerSentEvent]:
    """What the advisors' pages hear: which conversation changed, never its text."""
    async with desk.hub.listen(QUEUE) as queue:
        while (happened := await queue.get()) is not None:
            yield _queue_event(happened)


def _queue_event(happened: Event) -> ServerSentEvent:
    data = {"conversation_id": happened.conversation_id}
    match happened:
        case MessageStored(payload=payload, seq=seq):
            return _event("message", {**data, "seq": seq, "sender": payload["sender"]})
        case StateChanged(state=state, advisor=advisor):
            return _event("state", {**data, "state": state, "advisor": advisor})
        case Looked(state=state):
            return _event("state", {**data, "state": state, "advisor": None})
        case TypingStarted(sender=sender):
            return _event("typing", {**data, "sender": sender})
