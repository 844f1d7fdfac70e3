"""desk.api.streams: what one step sets in motion is heard together, in order, and a quiet line beats."""

from __future__ import annotations

import asyncio

import pytest

from desk.api import streams
from desk.conversations.events import Event, Looked, TypingStarted

ONE, TWO, THREE = TypingStarted("c", "bot"), Looked("c", 2, "with_bot"), Looked("c", 3, "with_bot")


async def test_what_happens_at_once_is_heard_together_and_what_comes_later_later() -> None:
    queue: asyncio.Queue[Event | None] = asyncio.Queue()
    heard = streams._heard(queue)
    asyncio.get_running_loop().call_soon(lambda: [queue.put_nowait(one) for one in (ONE, TWO)])
    assert await anext(heard) == [ONE, TWO]
    queue.put_nowait(THREE)
    assert await anext(heard) == [THREE]


async def test_a_quiet_line_beats_and_then_goes_on_hearing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BEAT_S", 0.01)
    queue: asyncio.Queue[Event | None] = asyncio.Queue()
    heard = streams._heard(queue)
    assert [await anext(heard) for _ in range(2)] == [[], []]
    queue.put_nowait(ONE)
    assert await anext(heard) == [ONE]


async def test_who_fell_too_far_behind_hears_no_more() -> None:
    queue: asyncio.Queue[Event | None] = asyncio.Queue()
    queue.put_nowait(None)
    assert [news async for news in streams._heard(queue)] == []
