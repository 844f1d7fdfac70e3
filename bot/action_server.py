"""Rasa's calls of the action server, over a connection that stays open and with only what an action reads.

Rasa opens a connection for every call and sends the events of the whole conversation along; together 6 ms a turn here and
as much at the other end. A general client over a kept connection still took 0.6 ms a call; this takes 0.1.
"""

import asyncio
import json as json_text
from typing import Any, Dict, List, Optional, Text, Tuple
from urllib.parse import urlsplit

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

LARGEST = 4_000_000
_Wire = Tuple[asyncio.StreamReader, asyncio.StreamWriter]


class KeptConnection(EndpointConfig):
    """An action endpoint: JSON by HTTP, one write and one read. Raises what Rasa's own raises: its ClientResponseError, or
    aiohttp's error of connecting."""

    def __init__(self, url: Text, **kwargs: Any) -> None:
        super().__init__(url, **kwargs)
        self._idle: List[_Wire] = []
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._head = f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\nContent-Length: "

    async def request(self, method: Text = "post", json: Optional[Dict[Text, Any]] = None, **kwargs: Any) -> Any:
        body = json_text.dumps(only_what_is_read(json or {}), ensure_ascii=False).encode()
        wire = self._idle.pop() if self._idle else None
        if wire is not None:
            try:
                return await self._post(body, wire)
            except (OSError, EOFError):
                # The other end closed an idle connection just now, or was restarted. An action changes nothing outside its
                # reply, so asking again is safe.
                self.close()
        try:
            return await self._post(body, await asyncio.open_connection(self._host, self._port))
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise aiohttp.ClientConnectionError(f"{self.url}: {type(error).__name__}: {error}") from error

    async def _post(self, body: bytes, wire: _Wire) -> Any:
        reader, writer = wire
        try:
            writer.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
            status, told = _read_head(await reader.readuntil(b"\r\n\r\n"))
            said = await reader.readexactly(_length(told))
        except BaseException:  # also when the turn is given up: what comes late must not be taken for the next answer
            writer.close()
            raise
        if told.get("connection") == "close":
            writer.close()
        else:
            self._idle.append(wire)
        if status >= 400:
            raise ClientResponseError(status, "", said)
        return json_text.loads(said)

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[1].close()


def _read_head(head: bytes) -> Tuple[int, Dict[Text, Text]]:
    first, *lines = head.decode("latin-1").lower().split("\r\n")
    if not first.startswith("http/1.") or not first[9:12].isdigit():
        raise ValueError("the answer is not HTTP")
    return int(first[9:12]), {name: value.strip() for name, _, value in (line.partition(":") for line in lines if line)}


def _length(told: Dict[Text, Text]) -> int:
    length = told.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST:
        raise ValueError(f"the answer's length is not told, or beyond {LARGEST:,} bytes")
    return int(length)


def only_what_is_read(call: Dict[Text, Any]) -> Dict[Text, Any]:
    """The call without the events before the student's last message: no action looks further back.

    The domain goes only to actions that ask for it (``send_domain`` in bot/domain); the others get an empty one, because the
    current SDK refuses a call without.
    """
    tracker = call.get("tracker") or {}
    return {"domain": {}, **call, "tracker": {**tracker, "events": since_last_message(tracker.get("events") or [])}}


def since_last_message(events: List[Dict[Text, Any]]) -> List[Dict[Text, Any]]:
    """What happened after the last message of the student (that itself is the tracker's `latest_message`)."""
    last = next((i for i in range(len(events) - 1, -1, -1) if events[i].get("event") == "user"), -1)
    return events[last + 1 :]
