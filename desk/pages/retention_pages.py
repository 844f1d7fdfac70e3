"""How long things are kept, what was deleted, and legal holds. For admins."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from desk.errors import Conflict, DeskError, Invalid
from desk.pages.rendering import Admin, AdminForm, DeskHere, page
from desk.retention.keeper import SCHEDULE
from desk.retention.redaction import redacted

router = APIRouter(prefix="/desk/retention", include_in_schema=False)
BACK = "/desk/retention"


@router.get("")
async def retention(request: Request, desk: DeskHere, who: Admin, conversation: str = "") -> HTMLResponse:
    """`conversation` fills the form: the page of a conversation leads here."""
    plan = await to_thread.run_sync(desk.retention.plan)
    holds = await to_thread.run_sync(desk.retention.store.holds)
    reports = [row for row in await to_thread.run_sync(desk.audit.recent, 1000) if row.who == SCHEDULE][:12]
    return page(
        request, "retention.html", who, schedule=desk.retention.schedule, plan=plan, holds=holds, reports=reports, conversation=conversation[:60]
    )


@router.post("/holds")
async def hold(desk: DeskHere, who: AdminForm, conversation: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "") -> Response:
    """Keep a conversation for as long as a duty says, whatever the schedule and the student say."""
    conversation, reason = conversation.strip().rsplit("/", 1)[-1], reason.strip()
    if not 3 <= len(reason) <= 300:
        raise Invalid("Say why it must be kept, in 3 to 300 characters.", back=BACK)
    try:
        await to_thread.run_sync(desk.retention.store.hold, conversation, reason, who.user.email)
    except DeskError as error:
        raise type(error)(error.message, back=BACK) from None
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "put_on_hold", f"conversation {conversation}", reason=reason))
    return RedirectResponse(BACK, 303)


@router.post("/holds/{conversation_id}/release")
async def release(desk: DeskHere, who: AdminForm, conversation_id: str) -> Response:
    try:
        deleted = await to_thread.run_sync(desk.retention.store.release, conversation_id)
    except DeskError as error:
        raise type(error)(error.message, back=BACK) from None
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "released_hold", f"conversation {conversation_id}", deleted=deleted))
    return RedirectResponse(BACK, 303)


@router.get("/records/{conversation_id}")
async def record(desk: DeskHere, who: Admin, conversation_id: str) -> Response:
    """A conversation for a records request, without what tells who the student is."""
    found = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    messages = await to_thread.run_sync(lambda: desk.store.messages(conversation_id, limit=100_000))
    if not messages:
        raise Conflict("There is nothing in this conversation.", back=BACK)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "exported_record", f"conversation {conversation_id}"))
    lines = [
        {"seq": m.seq, "sender": m.sender, "at": m.created_at.isoformat(), "text": redacted(m.text) if m.sender != "bot" else m.text}
        for m in messages
    ]
    body = {"language": found.language, "begun_at": found.created_at.isoformat(), "messages": lines}
    return JSONResponse(body, headers={"Content-Disposition": 'attachment; filename="record.json"'})
