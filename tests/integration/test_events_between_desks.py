"""Two desk processes with one database and a real Redis: what happens at one is heard at the other, also while Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest
from redis.asyncio import Redis as Client

from benchmarks.engines import Redis
from desk.conversations.events import QUEUE, MessageStored, StateChanged, TypingStarted
from desk.conversations.redis_hub import RedisHub, packed, unpacked
from desk.wiring import Desk
from tests.integration.conftest import Wire
from tests.integration.fakes import ScriptedBot
from tests.integration.people import Student
from tests.integration.test_events import listening, serving


@dataclass
class Two:
    """One student's conversation, seen through two desks."""

    here: Student
    there: Student
    desks: tuple[Desk, Desk]

    @property
    def hubs(self) -> list[RedisHub]:
        return [desk.hub for desk in self.desks if isinstance(desk.hub, RedisHub)]

    async def connected(self, wanted: bool = True) -> None:
        async with asyncio.timeout(10):
            while {hub.connected for hub in self.hubs} != {wanted}:
                await asyncio.sleep(0.02)


@pytest.fixture
async def two(wired: Wire, redis_url: str) -> AsyncIterator[Two]:
    desks = wired(ScriptedBot(), redis_url=redis_url), wired(ScriptedBot(), redis_url=redis_url)
    async with AsyncExitStack() as stack:
        http = [
            await stack.enter_async_context(httpx.AsyncClient(timeout=20, base_url=await stack.enter_async_context(serving(desk)))) for desk in desks
        ]
        here = await Student.arrives(http[0])
        both = Two(here, Student(http[1], here.id, here.token), desks)
        await both.connected()
        yield both


@pytest.fixture
def mortal_redis(redis_server: Redis) -> Iterator[Redis]:
    """A Redis the test may stop."""
    yield redis_server
    if not redis_server.answers():
        redis_server.start()


async def test_a_message_sent_at_one_desk_streams_at_the_other_with_its_reply(two: Two) -> None:
    async with listening(two.there, last_seen=1) as stream:
        await stream.next("state")
        await two.here.writes("hello")
        heard = [await stream.next() for _ in range(3)]
        assert [(name, number) for name, number, _ in heard] == [("message", "2"), ("typing", ""), ("message", "3")]
        assert [heard[0][2], heard[2][2]] == await two.here.reads(after=1), "word for word what the database says"


async def test_while_redis_is_away_a_message_comes_a_moment_later_and_afterwards_at_once_again(two: Two, mortal_redis: Redis) -> None:
    async with listening(two.there, last_seen=1) as stream:
        await stream.next("state")
        mortal_redis.stop()
        await two.connected(False)
        assert (await two.here.writes("while away")).status_code == 202
        assert [(await stream.next("message"))[1] for _ in range(2)] == ["2", "3"]
        await two.here.post("handoff")
        assert (await stream.next("state"))[2]["state"] == "waiting"
        mortal_redis.start()
        await two.connected()
        await two.here.writes("back again")
        seen = [await stream.next("message") for _ in range(3)]
        assert [int(number) for _, number, _ in seen] == [4, 5, 6], "nothing doubled, nothing left out"


async def test_a_deletion_at_one_desk_ends_the_stream_at_the_other(two: Two) -> None:
    async with listening(two.there, last_seen=1) as stream:
        await stream.next("state")
        assert (await two.here.delete()).status_code == 204
        assert (await stream.next("state"))[2]["state"] == "deleted"
        with pytest.raises(EOFError):
            await stream.next()


async def test_the_advisors_queue_at_the_other_desk_hears_of_a_student_who_waits_with_and_without_redis(two: Two, mortal_redis: Redis) -> None:
    async with two.desks[1].hub.listen(QUEUE) as queue, asyncio.timeout(10):
        await two.here.post("handoff")
        while not isinstance(happened := await queue.get(), StateChanged):
            pass
        assert (happened.conversation_id, happened.state) == (two.here.id, "waiting")
        mortal_redis.stop()
        await two.connected(False)
        second = await Student.arrives(two.here.http)
        await second.post("handoff")
        while (happened := await queue.get()) is not None and happened.conversation_id != second.id:
            pass
        assert happened


async def test_no_word_of_a_message_travels_through_redis(two: Two, redis_url: str) -> None:
    async with Client.from_url(redis_url) as client, client.pubsub(ignore_subscribe_messages=True) as everything:
        await everything.psubscribe("*")
        await two.here.writes("marker-of-a-private-matter")
        await two.desks[0].turns.drain()
        heard: list[str] = []
        async with asyncio.timeout(5):
            while len(heard) < 3:
                if (message := await everything.get_message(timeout=0.5)) is not None:
                    heard.append(message["data"].decode())
    assert "marker" not in "".join(heard)


@pytest.mark.parametrize(
    "event", [MessageStored("c", 3, {"sender": "bot"}, whole=False), StateChanged("c", "waiting", "Ann", {"position": 2}), TypingStarted("c", "bot")]
)
def test_an_event_comes_out_of_the_packing_as_it_went_in(event: MessageStored | StateChanged | TypingStarted) -> None:
    sender, conversation, rest = packed("me", event).split("\n", 2)
    assert (sender, conversation, unpacked(rest)) == ("me", "c", event)


async def test_what_waits_too_long_is_dropped_oldest_first(redis_url: str) -> None:
    hub = RedisHub(redis_url)
    for n in range(2100):
        hub.tell(TypingStarted(f"c{n}", "bot"))
    assert hub._outgoing.qsize() == 2000
    assert "c100" in hub._outgoing.get_nowait()
