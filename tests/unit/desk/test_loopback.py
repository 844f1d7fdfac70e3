"""desk.loopback against a server that answers rightly, wrongly, late and not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from desk.loopback import Loopback, Refused

GOOD = b'HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{"heard": 42}'


class Server:
    """Gives `answers` one after another, each whole; None hangs up. Remembers requests and counts connections."""

    def __init__(self, answers: list[bytes | None]) -> None:
        self.answers, self.requests, self.talks = answers, list[bytes](), list[asyncio.Task[None] | None]()

    @property
    def connections(self) -> int:
        return len(self.talks)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.talks.append(asyncio.current_task())
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                size = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
                self.requests.append(head + await reader.readexactly(size))
                answer = self.answers.pop(0)
                if answer is None:
                    return
                writer.write(answer)
                await writer.drain()
                if b"connection: close" in answer:
                    return
        except asyncio.IncompleteReadError:
            pass  # the client left
        finally:
            await closed(writer)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Loopback]:
        server = await asyncio.start_server(self.talk, "127.0.0.1", 0)
        client = Loopback(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        try:
            yield client
        finally:
            await client.close()
            server.close()
            await asyncio.gather(*filter(None, self.talks))


async def closed(writer: asyncio.StreamWriter) -> None:
    """Close a connection and see it gone, or it is left open when the test ends."""
    writer.close()
    with suppress(ConnectionError):  # the other end was quicker
        await writer.wait_closed()


async def test_requests_share_a_connection_and_arrive_whole() -> None:
    server = Server([GOOD, GOOD, GOOD])
    async with server.at_work() as client:
        for _ in range(3):
            assert await client.send("POST", "/webhook?token=t", {"text": "¿qué?"}) == {"heard": 42}
    assert server.connections == 1
    assert server.requests[0].startswith(b"POST /webhook?token=t HTTP/1.1\r\n")
    assert server.requests[0].endswith('{"text": "¿qué?"}'.encode())


async def test_headers_go_along() -> None:
    server = Server([GOOD])
    async with server.at_work() as client:
        await client.send("POST", "/", {}, {"Authorization": "Bearer t"})
    head = server.requests[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert b"Authorization: Bearer t" in head and b"Content-Length: 2" in head


async def test_at_once_each_has_its_own_connection_and_answer() -> None:
    server = Server([GOOD] * 20)
    async with server.at_work() as client:
        assert await asyncio.gather(*(client.send("POST", "/", n) for n in range(20))) == [{"heard": 42}] * 20


async def test_a_connection_the_server_closed_is_not_used_again() -> None:
    server = Server([GOOD.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"), GOOD])
    async with server.at_work() as client:
        await client.send("POST", "/", 1)
        assert await client.send("POST", "/", 2) == {"heard": 42}
    assert server.connections == 2


async def test_nothing_said_is_none() -> None:
    async with Server([b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n"]).at_work() as client:
        assert await client.send("PUT", "/", []) is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 500 Oh\r\ncontent-length: 2\r\n\r\n{}", Refused),
        (b"SSH-2.0-OpenSSH\r\n\r\n", ValueError),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n<p>", ValueError),
        (b"HTTP/1.1 200 OK\r\n\r\n{}", ValueError),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n{}", ValueError),
        (b"x" * 100_000, ValueError),
        (None, EOFError),
    ],
    ids=["error", "not HTTP", "not JSON", "no length", "too long", "endless head", "hung up"],
)
async def test_what_is_wrong_is_told_and_the_next_try_starts_anew(answer: bytes | None, error: type[Exception]) -> None:
    server = Server([answer, GOOD])
    async with server.at_work() as client:
        with pytest.raises(error):
            await client.send("POST", "/", 1)
        assert await client.send("POST", "/", 2) == {"heard": 42}


async def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one() -> None:
    async def slow_then_quick(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.current_task())
        await reader.readuntil(b"\r\n\r\n")
        if len(talks) == 1:
            await asyncio.sleep(0.2)
            writer.write(GOOD.replace(b"42", b"13"))
        else:
            writer.write(GOOD)
        await closed(writer)

    talks: list[asyncio.Task[None] | None] = []
    handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object] = slow_then_quick
    server = await asyncio.start_server(handler, "127.0.0.1", 0)  # type: ignore[arg-type]
    client = Loopback(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.send("POST", "/", 1)
    assert await client.send("POST", "/", 2) == {"heard": 42}
    await client.close()
    server.close()
    await asyncio.gather(*filter(None, talks))


async def test_nobody_there_is_an_error_at_once() -> None:
    with pytest.raises(ConnectionRefusedError):
        await Loopback("http://127.0.0.1:1").send("POST", "/", {})
