"""Event streams: first what was missed, then what happens. Sequence numbers make repeats and gaps impossible."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from anyio import to_thread
from sse_starlette import ServerSentEvent

from desk import metrics
from desk.conversations.events import QUEUE, Event, MessageStored, StateChanged, TypingStarted
from desk.wiring import Desk


def _event(name: str, data: object, number: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name, id=None if number is None else str(number))


async def of_conversation(desk: Desk, conversation_id: str, seen: int) -> AsyncIterator[ServerSentEvent]:
    """What a student's stream carries from message `seen` on."""
    metrics.STREAMS.inc()
    try:
        async with desk.hub.listen(conversation_id) as queue:
            state = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
            yield _event("state", {"state": state.state})
            for message in await to_thread.run_sync(desk.store.messages, conversation_id, seen):
                yield _event("message", message.for_student(), message.seq)
                seen = message.seq
            while True:
                happened = await queue.get()
                if isinstance(happened, MessageStored):
                    if happened.seq <= seen:
                        continue
                    if happened.seq > seen + 1:  # heard out of order: read the gap
                        for message in await to_thread.run_sync(desk.store.messages, conversation_id, seen):
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


async def of_queue(desk: Desk) -> AsyncIterator[ServerSentEvent]:
    """What the advisors' pages hear: which conversation changed, never its text."""
    async with desk.hub.listen(QUEUE) as queue:
        while True:
            yield _queue_event(await queue.get())


def _queue_event(happened: Event) -> ServerSentEvent:
    data = {"conversation_id": happened.conversation_id}
    match happened:
        case MessageStored(payload=payload, seq=seq):
            return _event("message", {**data, "seq": seq, "sender": payload["sender"]})
        case StateChanged(state=state, advisor=advisor):
            return _event("state", {**data, "state": state, "advisor": advisor})
        case TypingStarted(sender=sender):
            return _event("typing", {**data, "sender": sender})
