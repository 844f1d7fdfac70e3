"""The advisors' queue: who waits, for how long, and what became of the others."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.api import streams
from desk.api.sse import EventStream
from desk.conversations.states import State
from desk.errors import Conflict, NotFound
from desk.pages.queue_filter import QueueFilter, asked_for, choices
from desk.pages.rendering import COOKIE, Advisor, AdvisorForm, DeskHere, page
from desk.wiring import Desk

router = APIRouter(prefix="/desk", include_in_schema=False)
RECHECK_S = 20.0


@router.get("/queue")
async def queue(request: Request, desk: DeskHere, who: Advisor, wanted: Annotated[QueueFilter, Depends(asked_for)]) -> HTMLResponse:
    everything = await to_thread.run_sync(desk.store.queue)
    recent = await to_thread.run_sync(desk.store.recent)
    offices = {one.id: one.name for one in await to_thread.run_sync(desk.people.offices.all)}
    busy = {item["id"] for item in everything}
    shown = [item for item in everything if wanted.fits(item, who.user.id)]
    rest = [c for c in recent if c["id"] not in busy and wanted.language in ("", c["language"])]
    waiting = [item for item in shown if item["state"] == State.WAITING]
    mine = [item for item in shown if item["owner_id"] == who.user.id]
    others = [item for item in shown if item not in waiting and item not in mine]
    now = desk.store.clock()
    standing = await to_thread.run_sync(_standing, desk, who.user.id, everything)
    return page(
        request, "queue.html", who, waiting=waiting, mine=mine, others=others, recent=rest[:20], now=now, counts=standing, open=desk.people.room.hours.open_at(now),
        wanted=wanted, filters=choices(offices),
    )  # fmt: skip


@router.post("/queue/next")
async def take_next(desk: DeskHere, who: AdvisorForm, wanted: Annotated[QueueFilter, Depends(asked_for)]) -> Response:
    """Whoever is first in line, of those the filter lets through, in one press. When a colleague is quicker, the one after."""
    for item in await to_thread.run_sync(desk.store.queue):
        if item["state"] != State.WAITING or not wanted.fits(item, who.user.id):
            continue
        try:
            await desk.service.take(item["id"], who.user.id, who.user.name, only_waiting=True)
        except (Conflict, NotFound):
            continue
        await to_thread.run_sync(lambda taken=item["id"]: desk.audit.note(who.user.email, "took", f"conversation {taken}"))  # type: ignore[misc]
        return RedirectResponse(f"/desk/conversations/{item['id']}", 303)
    raise Conflict("Nobody waits any more.", back="/desk/queue")


@router.get("/queue/counts")
async def counts(desk: DeskHere, who: Advisor) -> dict[str, Any]:
    """How many wait, how many of them urgently, who is on duty: the badge, the title and the sound of every staff page."""
    return await to_thread.run_sync(lambda: _standing(desk, who.user.id, desk.store.queue()))


@router.post("/queue/available")
async def available(desk: DeskHere, who: AdvisorForm, available: Annotated[bool, Form()]) -> dict[str, Any]:
    """Does this advisor take conversations now?"""
    await to_thread.run_sync(desk.people.presence.set_available, who.user.id, available)
    return await counts(desk, who)


@router.get("/queue/events")
async def queue_events(request: Request, desk: DeskHere, who: Advisor) -> EventStream:
    return EventStream(_while_signed_in(request, desk))


async def _while_signed_in(request: Request, desk: Desk) -> AsyncGenerator[bytes, None]:
    """The queue's events until the session ends: a browser that was signed out hears nothing more."""
    cookie, checked = request.cookies.get(COOKIE, ""), time.monotonic()
    who = await to_thread.run_sync(desk.accounts.who, cookie)
    if who is None:
        return
    async with aclosing(streams.of_queue(desk, who.user.id)) as events:
        async for event in events:
            if time.monotonic() > checked + RECHECK_S:
                if await to_thread.run_sync(desk.accounts.who, cookie) is None:
                    return
                checked = time.monotonic()
            yield event


def _standing(desk: Desk, user_id: int, items: list[dict[str, Any]]) -> dict[str, Any]:
    waiting = [item for item in items if item["state"] == State.WAITING]
    presence = desk.people.presence
    return {
        "waiting": len(waiting), "crisis": sum(item["urgency"] == "crisis" for item in waiting),
        "on_duty": [one.name for one in presence.on_duty()], "available": presence.is_available(user_id),
    }  # fmt: skip
