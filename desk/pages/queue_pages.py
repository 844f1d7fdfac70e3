"""The advisors' pages: who waits, and one conversation."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from sse_starlette import EventSourceResponse

from desk.api import streams
from desk.pages.rendering import DeskHere, page, role, role_and_form
from desk.staff.accounts import SignedIn

router = APIRouter(prefix="/desk", include_in_schema=False)
Advisor = Annotated[SignedIn, Depends(role("advisor"))]
AdvisorForm = Annotated[SignedIn, Depends(role_and_form("advisor"))]


@router.get("/queue")
async def queue(request: Request, desk: DeskHere, who: Advisor) -> HTMLResponse:
    items = await to_thread.run_sync(desk.store.queue)
    recent = await to_thread.run_sync(desk.store.recent)
    busy = {item["id"] for item in items}
    return page(request, "queue.html", who, items=items, recent=[c for c in recent if c.id not in busy], now=desk.store.clock())


@router.get("/queue/events")
async def queue_events(desk: DeskHere, who: Advisor) -> EventSourceResponse:
    return EventSourceResponse(streams.of_queue(desk), ping=15)


@router.get("/conversations/{conversation_id}")
async def conversation(request: Request, desk: DeskHere, who: Advisor, conversation_id: str) -> HTMLResponse:
    found = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    messages = await to_thread.run_sync(desk.store.messages, conversation_id)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "read", f"conversation {conversation_id}"))
    return page(request, "conversation.html", who, conversation=found, messages=messages, mine=found.owner_id == who.user.id)


@router.get("/conversations/{conversation_id}/messages")
async def new_messages(request: Request, desk: DeskHere, who: Advisor, conversation_id: str, after: int = 0) -> HTMLResponse:
    """Messages after `after`, as the page shows them."""
    messages = await to_thread.run_sync(desk.store.messages, conversation_id, after)
    return page(request, "messages.html", who, messages=messages)


@router.post("/conversations/{conversation_id}/take")
async def take(desk: DeskHere, who: AdvisorForm, conversation_id: str) -> Response:
    await desk.service.take(conversation_id, who.user.id, who.user.name)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "took", f"conversation {conversation_id}"))
    return _back(conversation_id)


@router.post("/conversations/{conversation_id}/reply")
async def reply(desk: DeskHere, who: AdvisorForm, conversation_id: str, text: Annotated[str, Form()], client_id: Annotated[str, Form()] = "") -> Response:
    found = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    message = await desk.service.reply_as_advisor(conversation_id, who.user.id, text, found.language, client_id or None)
    return JSONResponse({"seq": message.seq})


@router.post("/conversations/{conversation_id}/return")
async def give_back(desk: DeskHere, who: AdvisorForm, conversation_id: str) -> Response:
    await desk.service.return_to_bot(conversation_id)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "returned", f"conversation {conversation_id}"))
    return _back(conversation_id)


@router.post("/conversations/{conversation_id}/close")
async def close(desk: DeskHere, who: AdvisorForm, conversation_id: str) -> Response:
    await desk.service.close(conversation_id)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "closed", f"conversation {conversation_id}"))
    return RedirectResponse("/desk/queue", 303)


def _back(conversation_id: str) -> RedirectResponse:
    return RedirectResponse(f"/desk/conversations/{conversation_id}", 303)
