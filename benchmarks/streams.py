"""A student's event stream, read without a library between: thousands of them must fit into one measuring process."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

_LONGEST_LINE = 1 << 20


@dataclass(frozen=True)
class Heard:
    """One event and when it was here: `at` on the clock of time.perf_counter, `wall` in seconds since 1970."""

    name: str
    data: dict[str, Any]
    at: float
    wall: float


class EventStream:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int, conversation_id: str, token: str) -> EventStream:
        """Returns when the stream is answered. Raises ConnectionError if it is refused."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_LONGEST_LINE)
        request = f"GET /api/conversations/{conversation_id}/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(request.encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in answer.split(b"\r\n", 1)[0]:
            writer.close()
            raise ConnectionError(answer.split(b"\r\n", 1)[0].decode())
        return cls(reader, writer)

    async def next(self) -> Heard:
        """The next event. Raises ConnectionError when the desk ended the stream."""
        name = ""
        while line := await self._reader.readline():
            # The desk writes an event as one chunk, so chunk sizes stand on lines of their own and fit neither word.
            if line.startswith(b"event: "):
                name = line[7:].strip().decode()
            elif line.startswith(b"data: "):
                return Heard(name, json.loads(line[6:]), time.perf_counter(), time.time())
        raise ConnectionError("the event stream ended")

    def close(self) -> None:
        self._writer.close()
