"""One conversation: read it, take it, answer in it, give it back or close it."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from desk.conversations.events import TypingStarted
from desk.conversations.model import Conversation
from desk.conversations.states import State
from desk.errors import Conflict, Invalid
from desk.pages import teamwork_pages
from desk.pages.rendering import Advisor, AdvisorForm, DeskHere, page, wants_page
from desk.pages.summary import summarise
from desk.pages.wording import ENDINGS
from desk.staff.accounts import SignedIn
from desk.wiring import Desk

router = APIRouter(prefix="/desk/conversations/{conversation_id}", include_in_schema=False)


@router.get("")
async def conversation(request: Request, desk: DeskHere, who: Advisor, conversation_id: str) -> HTMLResponse:
    found = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    messages = await to_thread.run_sync(lambda: desk.store.messages(conversation_id, limit=2000))
    hand_off = await to_thread.run_sync(_hand_off, desk, conversation_id)
    snapshot, _ = await to_thread.run_sync(desk.assistant.runtime.current)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "read", f"conversation {conversation_id}"))
    summary = summarise(found, messages, hand_off, snapshot)
    return page(
        request,
        "conversation.html",
        who,
        conversation=found,
        messages=messages,
        summary=summary,
        mine=found.owner_id == who.user.id,
        hand_off=hand_off,
        endings=ENDINGS,
        **await to_thread.run_sync(_team, desk, who, conversation_id),
        now=desk.store.clock(),
    )


@router.get("/messages")
async def new_messages(request: Request, desk: DeskHere, who: Advisor, conversation_id: str, after: int = 0) -> HTMLResponse:
    """Messages after `after`, as the page shows them."""
    messages = await to_thread.run_sync(desk.store.messages, conversation_id, after)
    return page(request, "messages.html", who, messages=messages, now=desk.store.clock())


@router.post("/take")
async def take(desk: DeskHere, who: AdvisorForm, conversation_id: str) -> Response:
    found = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    if found.state is State.WITH_ADVISOR and found.owner_id == who.user.id:
        return _back(conversation_id)
    try:
        await desk.service.take(conversation_id, who.user.id, who.user.name)
    except Conflict as error:
        raise _told(error, conversation_id) from None
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "took", f"conversation {conversation_id}"))
    return _back(conversation_id)


@router.post("/reply")
async def reply(
    request: Request, desk: DeskHere, who: AdvisorForm, conversation_id: str, text: Annotated[str, Form()], client_id: Annotated[str, Form()] = ""
) -> Response:
    found = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    try:
        message = await desk.service.reply_as_advisor(conversation_id, who.user.id, text, found.language, client_id or None)
    except Conflict as error:
        owner = await to_thread.run_sync(_owner, desk, conversation_id)
        words = f"{owner} has this conversation now." if owner and found.owner_id != who.user.id else "You do not have this conversation any more."
        raise _told(error, conversation_id, words) from None
    return _back(conversation_id) if wants_page(request) else JSONResponse({"seq": message.seq})


@router.post("/typing", status_code=204)
async def typing(desk: DeskHere, who: AdvisorForm, conversation_id: str) -> Response:
    """The student sees for a few seconds that the advisor writes; only the owner's typing counts."""
    found = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    if found.state is State.WITH_ADVISOR and found.owner_id == who.user.id:
        desk.hub.tell(TypingStarted(conversation_id, "advisor"))
    return Response(status_code=204)


@router.post("/return")
async def give_back(desk: DeskHere, who: AdvisorForm, conversation_id: str) -> Response:
    found = await _check_owner(desk, who, conversation_id)
    await desk.service.return_to_bot(conversation_id, found.owner_id)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "returned", f"conversation {conversation_id}"))
    return _back(conversation_id)


@router.post("/close")
async def close(desk: DeskHere, who: AdvisorForm, conversation_id: str, outcome: Annotated[str, Form()] = "") -> Response:
    """`outcome`: one of ENDINGS; empty when nobody said."""
    if outcome and outcome not in ENDINGS:
        raise Invalid("This is not an outcome the desk knows.", back=_page_of(conversation_id))
    found = await _check_owner(desk, who, conversation_id)
    await desk.service.close(conversation_id, found.owner_id, outcome)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "closed", f"conversation {conversation_id}", outcome=outcome))
    return RedirectResponse("/desk/queue", 303)


async def _check_owner(desk: Desk, who: SignedIn, conversation_id: str) -> Conversation:
    """A conversation is given back or closed by whoever has it; an admin may do it for an advisor who went home."""
    found = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    if found.state is State.WITH_ADVISOR and found.owner_id != who.user.id and not who.user.may():
        owner = await to_thread.run_sync(_owner, desk, conversation_id)
        raise Conflict(f"{owner or 'Another advisor'} has this conversation.", back=_page_of(conversation_id))
    return found


def _team(desk: Desk, who: SignedIn, conversation_id: str) -> dict[str, Any]:
    """What advisors share about a conversation, and what they keep ready."""
    notes, alarms = desk.people.notes, desk.people.alarms
    return {
        "notes": notes.of(conversation_id), "labels": notes.labels(conversation_id), "known_labels": notes.known_labels(),
        "canned": desk.people.canned.all(), "pass_to": teamwork_pages.choices(desk, who), "told": alarms.told_of(conversation_id),
        "silent_because": alarms.silent_because(), "on_duty": desk.people.presence.on_duty(),
        "not_delivered": desk.outbox.store.given_up_in(conversation_id),
    }  # fmt: skip


def _hand_off(desk: Desk, conversation_id: str) -> dict[str, Any] | None:
    return next((item for item in desk.store.queue() if item["id"] == conversation_id), None)


def _owner(desk: Desk, conversation_id: str) -> str | None:
    return (_hand_off(desk, conversation_id) or {}).get("owner")


def _told(error: Conflict, conversation_id: str, words: str = "") -> Conflict:
    """The same refusal in words that name who was first, with the way back."""
    owner = error.facts.get("owner")
    said = words or (f"{owner} took this conversation before you." if owner else error.message)
    return Conflict(said, **error.facts, back=_page_of(conversation_id))


def _page_of(conversation_id: str) -> str:
    return f"/desk/conversations/{conversation_id}"


def _back(conversation_id: str) -> RedirectResponse:
    return RedirectResponse(_page_of(conversation_id), 303)
