"""A Rasa that says back what it hears, so that a reply lost, doubled or out of order shows."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.integration.test_events import SignalsLeftAlone


class EchoRasa:
    """`asked`: how often it was asked about each text. `garbage`: what it says instead of an answer."""

    def __init__(self, delay_s: float = 0.05) -> None:
        self.asked: Counter[str] = Counter()
        self._delay_s, self._chance = delay_s, random.Random(3)
        self.url = ""
        self.garbage = b""

    async def webhook(self, request: Request) -> Response:
        body = await request.json()
        self.asked[body["message"]] += 1
        if self.garbage:
            return Response(self.garbage)
        await asyncio.sleep(self._chance.uniform(0, self._delay_s * 2))
        reply = {"text": f"You said: {body['message']}", "language": "en", "answer": {"status": "answered"}}
        return JSONResponse([{"custom": {"waymark": reply, "memory": {}}}])

    async def fine(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})


@asynccontextmanager
async def echo_rasa() -> AsyncIterator[EchoRasa]:
    rasa = EchoRasa()
    routes = [Route("/webhooks/rest/webhook", rasa.webhook, methods=["POST"]), Route("/status", rasa.fine), Route("/health", rasa.fine)]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_level="error", timeout_graceful_shutdown=1))
    server.capture_signals = SignalsLeftAlone  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    rasa.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield rasa
    server.should_exit = True
    await task
