"""Event streams: first what was missed, then what happens. Sequence numbers make repeats and gaps impossible."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from anyio import to_thread
from sse_starlette import ServerSentEvent

from desk import metrics
from desk.conversations.events import QUEUE, Event, MessageStored, StateChanged, TypingStarted
from desk.conversations.model import Message
from desk.wiring import Desk


def _event(name: str, data: object, number: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name, id=None if number is None else str(number))


async def of_conversation(desk: Desk, conversation_id: str, seen: int) -> AsyncIterator[ServerSentEvent]:
    """What a student's stream carries from message `seen` on."""
    metrics.STREAMS.inc()
    try:
        async with desk.hub.listen(conversation_id) as queue:
            conversation = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
            yield _event("state", await desk.service.standing(conversation))
            async for message in _stored_after(desk, conversation_id, seen):
                yield _event("message", message.for_student(), message.seq)
                seen = message.seq
            while (happened := await queue.get()) is not None:
                if isinstance(happened, MessageStored):
                    if happened.seq <= seen:
                        continue
                    if happened.seq > seen + 1:  # heard out of order: read the gap
                        async for message in _stored_after(desk, conversation_id, seen):
                            yield _event("message", message.for_student(), message.seq)
                            seen = message.seq
                        continue
                    yield _event("message", happened.payload, happened.seq)
                    seen = happened.seq
                elif isinstance(happened, StateChanged):
                    yield _event("state", {"state": happened.state, "advisor": happened.advisor})
                    if happened.state == "deleted":
                        return
                else:
                    yield _event("typing", {"sender": happened.sender})
    finally:
        metrics.STREAMS.dec()


async def _stored_after(desk: Desk, conversation_id: str, seen: int) -> AsyncIterator[Message]:
    """All stored messages after `seen`, a page at a time."""
    while page := await to_thread.run_sync(desk.store.messages, conversation_id, seen):
        for message in page:
            yield message
        seen = page[-1].seq


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
        case TypingStarted(sender=sender):
            return _event("typing", {**data, "sender": sender})
