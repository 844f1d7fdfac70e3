"""Rasa's calls of the action server, over a connection that stays open and with only what an action reads.

Rasa opens a connection for every call and sends the events of the whole conversation along; together 6 ms a turn here and
as much at the other end.
"""

import json as json_text
from typing import Any, Dict, List, Optional, Text

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig


class KeptConnection(EndpointConfig):
    """An action endpoint. Raises what Rasa's own raises: its ClientResponseError, or aiohttp's errors of connecting."""

    _session: Optional[aiohttp.ClientSession] = None

    async def request(self, method: Text = "post", json: Optional[Dict[Text, Any]] = None, **kwargs: Any) -> Any:
        body = json_text.dumps(only_what_is_read(json or {}), ensure_ascii=False).encode()
        try:
            return await self._post(body)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # The other end closed an idle connection just now, or was restarted. An action changes nothing outside its
            # reply, so asking again is safe.
            return await self._post(body)

    async def _post(self, body: bytes) -> Any:
        if self._session is None or self._session.closed:
            self._session = self.session()
        async with self._session.post(self.url, data=body, headers={"Content-Type": "application/json"}) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await response.content.read())
            return await response.json(loads=json_text.loads)


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
