from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from desk.api.sse import STILL_HERE, EventStream, event


class Browser:
    """Takes what is sent; goes when told to."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.goes = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.goes.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.heard.append(message)


class Events:
    """Tells `said`, then waits for more, unless it `ends`; knows when it was closed."""

    def __init__(self, *said: bytes, ends: bool = False) -> None:
        self.said, self.ends, self.told, self.closed = said, ends, asyncio.Event(), False

    async def stream(self) -> AsyncGenerator[bytes, None]:
        try:
            for one in self.said:
                yield one
            self.told.set()
            if not self.ends:
                await asyncio.Event().wait()
        finally:
            self.closed = True


def test_an_event_is_what_browsers_read() -> None:
    assert event("message", {"text": "¿Qué\nes?"}, 7) == 'id: 7\r\nevent: message\r\ndata: {"text": "¿Qué\\nes?"}\r\n\r\n'.encode()
    head, data, *rest = event("state", {"text": "a\r\n\r\nevent: evil"}).split(b"\r\n")
    assert head == b"event: state"
    assert json.loads(data.removeprefix(b"data: ")) == {"text": "a\r\n\r\nevent: evil"}
    assert rest == [b"", b""], "no line of a text ends an event"
    assert STILL_HERE.startswith(b":"), "a comment is no event"


async def test_what_happens_is_written_at_once_and_a_stream_that_ends_ends_the_answer() -> None:
    browser, events = Browser(), Events(b"one", b"two", ends=True)
    await EventStream(events.stream())({}, browser.receive, browser.send)
    start, *bodies = browser.heard
    assert (start["status"], dict(start["headers"])[b"content-type"]) == (200, b"text/event-stream; charset=utf-8")
    assert [(body["body"], body["more_body"]) for body in bodies] == [(b"one", True), (b"two", True), (b"", False)]


async def test_when_the_browser_goes_the_events_are_closed_and_nothing_is_left_running() -> None:
    browser, events = Browser(), Events(b"one")
    serving = asyncio.create_task(EventStream(events.stream())({}, browser.receive, browser.send))
    await events.told.wait()
    browser.goes.set()
    await asyncio.wait_for(serving, 2)
    assert events.closed
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_server_that_ends_ends_the_stream() -> None:
    browser, events = Browser(), Events(b"one")
    serving = asyncio.create_task(EventStream(events.stream())({}, browser.receive, browser.send))
    await events.told.wait()
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    await asyncio.sleep(0)
    assert events.closed
    assert asyncio.all_tasks() == {asyncio.current_task()}
