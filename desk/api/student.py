"""The student's routes. Each checks the token before it touches anything."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from desk.advising.address import meant, read_address, shown
from desk.api import streams
from desk.api.devices import device_of
from desk.api.shapes import (
    MAX_SEQ,
    ContactRequest,
    ContactResponse,
    ErrorResponse,
    FeedbackRequest,
    HandOffRequest,
    HandOffResponse,
    LinkRequest,
    LinkResponse,
    MessagesResponse,
    OpenRequest,
    OpenResponse,
    SendRequest,
    SendResponse,
)
from desk.api.sse import EventStream
from desk.conversations.events import TypingStarted
from desk.conversations.intake import take_in_comment
from desk.conversations.model import Conversation
from desk.conversations.states import State
from desk.errors import Conflict, NotSignedIn
from desk.wiring import Desk, desk_of

_ERRORS: dict[int | str, dict[str, Any]] = {code: {"model": ErrorResponse} for code in (401, 404, 409, 413, 422, 429)}
router = APIRouter(prefix="/api/conversations", tags=["student"], responses=_ERRORS)
DeskHere = Annotated[Desk, Depends(desk_of)]


async def opened(desk: DeskHere, conversation_id: str, authorization: Annotated[str, Header()] = "") -> Conversation:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Send the conversation's token as 'Authorization: Bearer TOKEN'.")
    return await to_thread.run_sync(desk.store.access_for_student, conversation_id, token.strip())


def _seq(wanted: int) -> int:
    """A number the database can compare with."""
    return min(max(wanted, 0), MAX_SEQ)


Opened = Annotated[Conversation, Depends(opened)]


@router.post("", status_code=201)
async def open_conversation(desk: DeskHere, request: Request, body: OpenRequest | None = None) -> OpenResponse:
    """Begin a conversation. The token is shown once and opens this conversation only."""
    desk.limit_opening.check(request.client.host if request.client else "unknown")
    conversation, token, messages = await desk.service.open((body or OpenRequest()).language, device_of(request.headers.get("user-agent", "")))
    return OpenResponse.model_validate({"conversation_id": conversation.id, "token": token, "messages": [m.for_student() for m in messages]})


@router.post("/open")
async def open_link(desk: DeskHere, request: Request, body: LinkRequest) -> LinkResponse:
    """Open a conversation on another device, by the link of an e-mail. The new token stands beside the one of the first device."""
    desk.limit_links.check(request.client.host if request.client else "unknown")
    conversation, token = await to_thread.run_sync(desk.people.keys.open, body.link)
    return LinkResponse(conversation_id=conversation.id, token=token, language=conversation.language)


@router.post("/{conversation_id}/messages", status_code=202)
async def send(desk: DeskHere, conversation: Opened, body: SendRequest) -> SendResponse:
    """Send words or a choice. Replies come by the event stream, or by reading messages after this one's seq."""
    desk.limit_sending.check(conversation.id)
    message = await desk.service.receive(conversation, body.client_id, body.text, body.choice_id)
    return SendResponse.model_validate({"message": message.for_student()})


@router.get("/{conversation_id}/messages")
async def read(desk: DeskHere, conversation: Opened, after: int = 0) -> MessagesResponse:
    messages = await to_thread.run_sync(desk.store.messages, conversation.id, _seq(after))
    if conversation.state is not State.WITH_BOT:
        await to_thread.run_sync(desk.people.line.student_is_here, conversation.id)
    standing = await desk.service.standing(conversation)
    return MessagesResponse.model_validate({**standing, "messages": [m.for_student() for m in messages]})


@router.get("/{conversation_id}/events", response_class=EventStream)
async def events(desk: DeskHere, conversation: Opened, after: int = 0, last_event_id: Annotated[str, Header()] = "") -> EventStream:
    """Server-sent events: ``message`` (id is the seq), ``state``, ``typing``. Replays what came after Last-Event-ID."""
    known = last_event_id.isascii() and last_event_id.isdigit()
    seen = _seq(int(last_event_id[:12]) if known else after)
    return EventStream(streams.of_conversation(desk, conversation.id, seen))


@router.post("/{conversation_id}/feedback", status_code=204)
async def feedback(desk: DeskHere, conversation: Opened, body: FeedbackRequest) -> Response:
    await to_thread.run_sync(desk.store.keep_feedback, conversation.id, body.seq, body.helpful, take_in_comment(body.comment))
    await to_thread.run_sync(desk.learning.learner.after_feedback, conversation.id, body.seq, body.helpful)
    return Response(status_code=204)


@router.post("/{conversation_id}/handoff", status_code=202)
async def hand_off(desk: DeskHere, conversation: Opened, body: HandOffRequest | None = None) -> HandOffResponse:
    """Ask for a person."""
    state, wait = await desk.service.ask_for_person(conversation)
    return HandOffResponse.model_validate({"state": state, "wait": wait})


@router.delete("/{conversation_id}/handoff", status_code=204)
async def cancel_hand_off(desk: DeskHere, conversation: Opened) -> Response:
    """Stop waiting for a person."""
    await desk.service.cancel_wait(conversation)
    return Response(status_code=204)


@router.put("/{conversation_id}/contact")
async def keep_contact(desk: DeskHere, conversation: Opened, body: ContactRequest) -> ContactResponse:
    """Leave an e-mail address for the reply of the person who was asked for. It is kept with that request only and deleted with it."""
    address = read_address(body.email)
    if not await desk.service.keep_contact(conversation, address):
        raise Conflict("This desk cannot send e-mail. The reply will be here in the chat.")
    return ContactResponse(contact=shown(address), meant=meant(address))


@router.delete("/{conversation_id}/contact", status_code=204)
async def forget_contact(desk: DeskHere, conversation: Opened) -> Response:
    await desk.service.keep_contact(conversation, None)
    return Response(status_code=204)


@router.post("/{conversation_id}/typing", status_code=204)
async def typing(desk: DeskHere, conversation: Opened) -> Response:
    """Tell the advisor who has the conversation that the student is writing; says nothing to anybody else. Optional."""
    desk.limit_sending.check(f"typing {conversation.id}")
    if conversation.state is State.WITH_ADVISOR:
        desk.hub.tell(TypingStarted(conversation.id, "student"))
    return Response(status_code=204)


@router.get("/{conversation_id}/export")
async def export(desk: DeskHere, conversation: Opened) -> JSONResponse:
    """Everything kept of this conversation, as a file."""
    messages = await to_thread.run_sync(lambda: desk.store.messages(conversation.id, limit=100_000))
    body = {
        "conversation_id": conversation.id, "state": conversation.state, "language": conversation.language,
        "created_at": conversation.created_at.isoformat(), "remembered": conversation.memory, "messages": [m.for_student() for m in messages],
        "contact": await to_thread.run_sync(_contact, desk, conversation.id), "feedback": await to_thread.run_sync(desk.store.feedback, conversation.id),
        **await to_thread.run_sync(desk.store.also_kept, conversation.id),
    }  # fmt: skip
    return JSONResponse(body, headers={"Content-Disposition": 'attachment; filename="conversation.json"'})


def _contact(desk: Desk, conversation_id: str) -> str | None:
    request = desk.people.line.request(conversation_id)
    return request.contact if request else None


@router.delete("/{conversation_id}", status_code=204)
async def delete(desk: DeskHere, conversation: Opened) -> Response:
    """Delete the conversation and everything in it, at once."""
    await desk.service.delete(conversation)
    return Response(status_code=204)
