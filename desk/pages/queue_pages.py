"""The advisors' queue: who waits, for how long, and what became of the others."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sse_starlette import EventSourceResponse, ServerSentEvent

from desk.api import streams
from desk.conversations.states import State
from desk.pages.rendering import COOKIE, Advisor, DeskHere, page
from desk.pages.wording import LANGUAGES
from desk.wiring import Desk

router = APIRouter(prefix="/desk", include_in_schema=False)
RECHECK_S = 20.0


@router.get("/queue")
async def queue(request: Request, desk: DeskHere, who: Advisor, language: Literal["", "en", "es"] = "") -> HTMLResponse:
    everything = await to_thread.run_sync(desk.store.queue)
    recent = await to_thread.run_sync(desk.store.recent)
    busy = {item["id"] for item in everything}
    shown = [item for item in everything if language in ("", item["language"])]
    rest = [c for c in recent if c["id"] not in busy and language in ("", c["language"])]
    waiting = [item for item in shown if item["state"] == State.WAITING]
    mine = [item for item in shown if item["owner_id"] == who.user.id]
    others = [item for item in shown if item not in waiting and item not in mine]
    now = desk.store.clock()
    return page(
        request, "queue.html", who, waiting=waiting, mine=mine, others=others, recent=rest[:20], now=now, counts=_counts(everything), open=desk.people.room.hours.open_at(now),
        chosen=language, languages={"": "All", **LANGUAGES},
    )  # fmt: skip


@router.get("/queue/counts")
async def counts(desk: DeskHere, who: Advisor) -> dict[str, int]:
    """How many wait, and how many of them urgently: the badge, the title and the sound of every staff page."""
    return _counts(await to_thread.run_sync(desk.store.queue))


@router.get("/queue/events")
async def queue_events(request: Request, desk: DeskHere, who: Advisor) -> EventSourceResponse:
    return EventSourceResponse(_while_signed_in(request, desk), ping=15)


async def _while_signed_in(request: Request, desk: Desk) -> AsyncIterator[ServerSentEvent]:
    """The queue's events until the session ends: a browser that was signed out hears nothing more."""
    cookie, checked = request.cookies.get(COOKIE, ""), time.monotonic()
    who = await to_thread.run_sync(desk.accounts.who, cookie)
    if who is None:
        return
    async for event in streams.of_queue(desk, who.user.id):
        if time.monotonic() > checked + RECHECK_S:
            if await to_thread.run_sync(desk.accounts.who, cookie) is None:
                return
            checked = time.monotonic()
        yield event


def _counts(items: list[dict[str, Any]]) -> dict[str, int]:
    waiting = [item for item in items if item["state"] == State.WAITING]
    return {"waiting": len(waiting), "crisis": sum(item["urgency"] == "crisis" for item in waiting)}
