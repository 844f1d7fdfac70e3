"""The event stream, over a real server: replay, live events, and its end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from desk.app import create_app
from desk.conversations.events import Hub, MessageStored, TypingStarted
from desk.conversations.model import Draft
from desk.wiring import Desk
from tests.integration.conftest import Prepared, SignIn
from tests.integration.people import Student

Event = tuple[str, str, dict[str, Any]]


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[str]:
    """The desk on a free port, in this event loop; gives its address."""
    config = uvicorn.Config(create_app(desk=desk), port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.capture_signals = SignalsLeftAlone  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


class SignalsLeftAlone:
    """The test run keeps its own Ctrl-C."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


class Stream:
    """One open event stream; `next` gives (name, id, data)."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self, name: str = "") -> Event:
        """The next event, or the next with that name."""
        async with asyncio.timeout(5):
            while True:
                event = {"event": "", "id": "", "data": ""}
                async for line in self._lines:
                    if not line:
                        break
                    field, _, value = line.partition(": ")
                    event[field] = value
                else:
                    raise EOFError("the stream ended")
                if event["event"] and name in ("", event["event"]):
                    return event["event"], event["id"], json.loads(event["data"])


@asynccontextmanager
async def listening(student: Student, last_seen: int | None = None, **parameters: int) -> AsyncIterator[Stream]:
    headers = {**student.headers, **({} if last_seen is None else {"Last-Event-ID": str(last_seen)})}
    async with student.http.stream("GET", f"{student.path}/events", headers=headers, params=parameters, timeout=10) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Stream(response)


@pytest.fixture
async def live(desk_app: Desk) -> AsyncIterator[Student]:
    async with serving(desk_app) as address, httpx.AsyncClient(base_url=address) as http:
        yield await Student.arrives(http)


async def test_a_stream_begins_with_the_state_and_all_messages_so_far(live: Student) -> None:
    async with listening(live) as stream:
        name, _, data = await stream.next()
        assert (name, data["state"]) == ("state", "with_bot")
        name, number, message = await stream.next()
        assert (name, number, message["sender"]) == ("message", "1", "bot")


async def test_what_happens_is_told_at_once_in_order(live: Student) -> None:
    async with listening(live, last_seen=1) as stream:
        await stream.next("state")
        await live.writes("hello")
        seen = [await stream.next() for _ in range(3)]
        assert [(name, number) for name, number, _ in seen] == [("message", "2"), ("typing", ""), ("message", "3")]
        assert seen[1][2] == {"sender": "bot"}
        assert seen[2][2] == (await live.reads(after=2))[0], "the stream and the plain read say the same"


async def test_a_reconnect_replays_what_came_after_the_last_seen_number(live: Student, desk_app: Desk) -> None:
    for text in ("one", "two"):
        await live.writes(text)
    await desk_app.turns.drain()
    async with listening(live, last_seen=3) as stream:
        await stream.next("state")
        assert [(await stream.next())[1] for _ in range(2)] == ["4", "5"]
    async with listening(live, after=4) as stream:
        assert (await stream.next("message"))[1] == "5"


@pytest.mark.parametrize("last_seen", ["nonsense", "-1", "9" * 40])
async def test_an_odd_last_event_id_is_no_crash(live: Student, last_seen: str) -> None:
    async with listening(live, last_seen=last_seen) as stream:  # type: ignore[arg-type]
        assert (await stream.next())[0] == "state"


async def test_more_than_a_page_of_missed_messages_arrives_whole(live: Student, desk_app: Desk) -> None:
    desk_app.store.add(live.id, [Draft("system", f"note {n}", "en") for n in range(1200)])
    async with listening(live, last_seen=1) as stream:
        assert [(await stream.next("message"))[1] for _ in range(1200)] == [str(n) for n in range(2, 1202)]


async def test_two_listeners_hear_the_same(live: Student) -> None:
    async with listening(live, last_seen=1) as phone, listening(live, last_seen=1) as laptop:
        for stream in (phone, laptop):
            await stream.next("state")
        await live.writes("hello")
        for stream in (phone, laptop):
            assert [(await stream.next("message"))[1] for _ in range(2)] == ["2", "3"]


async def test_a_desk_that_is_being_stopped_ends_its_streams(live: Student, desk_app: Desk) -> None:
    async with listening(live, last_seen=1) as stream:
        await stream.next("state")
        desk_app.hub.close()
        with pytest.raises(EOFError):
            await stream.next()


async def test_nothing_of_one_conversation_is_heard_in_another(live: Student) -> None:
    other = await Student.arrives(live.http)
    async with listening(other, last_seen=1) as stream:
        await stream.next("state")
        await live.writes("secret")
        await other.writes("mine")
        assert (await stream.next("message"))[2]["text"] == "mine"


async def test_the_states_of_a_hand_off_and_the_advisors_words_are_heard_live(live: Student, desk_app: Desk, staff: SignIn) -> None:
    advisor = await staff(desk_app, "advisor")
    async with listening(live, last_seen=1) as stream:
        await stream.next("state")
        await live.post("handoff")
        assert (await stream.next("state"))[2]["state"] == "waiting"
        await advisor.submits(f"/desk/conversations/{live.id}/take")
        assert (await stream.next("state"))[2] == {"state": "with_advisor", "advisor": "Advisor One", "wait": None}
        await advisor.submits(f"/desk/conversations/{live.id}/reply", text="I am here.")
        while (heard := (await stream.next("message"))[2])["sender"] != "advisor":
            pass
        assert heard["text"] == "I am here."
        await advisor.submits(f"/desk/conversations/{live.id}/close")
        assert (await stream.next("state"))[2]["state"] == "closed"


async def test_a_deleted_conversation_ends_its_stream(live: Student) -> None:
    async with listening(live, last_seen=1) as stream:
        await stream.next("state")
        await live.delete()
        assert (await stream.next("state"))[2]["state"] == "deleted"
        with pytest.raises(EOFError):
            await stream.next()


async def test_a_stream_nobody_listens_to_any_more_is_forgotten(live: Student, desk_app: Desk) -> None:
    async with listening(live) as stream:
        await stream.next()
        assert desk_app.hub.count() == 1
    async with asyncio.timeout(5):
        while desk_app.hub.count():
            await asyncio.sleep(0.02)


async def test_the_queues_stream_tells_what_changed_and_never_a_word(live: Student, desk_app: Desk, prepared: Prepared) -> None:
    cookies = {"waymark_staff": prepared.cookies["advisor"]}
    async with live.http.stream("GET", "/desk/queue/events", cookies=cookies, timeout=10) as response:
        stream = Stream(response)
        await asyncio.sleep(0.05)
        await live.writes("private words")
        name, _, data = await stream.next()
        assert (name, data) == ("message", {"conversation_id": live.id, "seq": 2, "sender": "student"})


async def test_a_listener_far_behind_is_told_to_come_back_and_not_left_waiting() -> None:
    hub = Hub()
    async with hub.listen("c") as queue:
        for n in range(300):
            hub.tell(MessageStored("c", n, {}))
        heard = [queue.get_nowait() for _ in range(queue.qsize())]
        assert heard == [None]
        hub.tell(TypingStarted("c", "bot"))
        assert queue.empty(), "it hears nothing more: its client reads what it missed"
    assert hub.count() == 0
