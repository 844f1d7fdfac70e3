"""What advisors do for each other in a conversation: notes, labels, passing it on."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from desk.errors import Conflict, DeskError, Invalid
from desk.pages.rendering import AdvisorForm, DeskHere
from desk.staff.accounts import SignedIn
from desk.wiring import Desk

router = APIRouter(prefix="/desk/conversations/{conversation_id}", include_in_schema=False)


@router.post("/notes")
async def add_note(desk: DeskHere, who: AdvisorForm, conversation_id: str, text: Annotated[str, Form()] = "") -> Response:
    await _kept(conversation_id, lambda: desk.people.notes.add(conversation_id, who.user.id, text))
    return _back(conversation_id, "notes")


@router.post("/labels")
async def put_label(desk: DeskHere, who: AdvisorForm, conversation_id: str, label: Annotated[str, Form()] = "") -> Response:
    await _kept(conversation_id, lambda: desk.people.notes.put_label(conversation_id, label))
    return _back(conversation_id, "more")


@router.post("/labels/remove")
async def take_label(desk: DeskHere, who: AdvisorForm, conversation_id: str, label: Annotated[str, Form()] = "") -> Response:
    await _kept(conversation_id, lambda: desk.people.notes.take_label(conversation_id, label))
    return _back(conversation_id, "more")


@router.post("/pass")
async def pass_on(desk: DeskHere, who: AdvisorForm, conversation_id: str, to: Annotated[str, Form()], note: Annotated[str, Form()] = "") -> Response:
    """To a colleague who is on duty, at once; or to an office, whose next advisor takes it. Whoever has it passes it on; an admin may too."""
    found = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    if found.owner_id is None or (found.owner_id != who.user.id and not who.user.may()):
        raise Conflict("Only whoever has this conversation can pass it on.", back=_page(conversation_id))
    if note.strip():
        await _kept(conversation_id, lambda: desk.people.notes.add(conversation_id, who.user.id, note))
    kind, _, number = to.partition(":")
    if kind not in ("advisor", "office") or not number.isdigit():
        raise Invalid("Choose a colleague or an office.", back=_page(conversation_id))
    try:
        name = await (_to_colleague if kind == "advisor" else _to_office)(desk, conversation_id, found.owner_id, int(number))
    except DeskError as error:
        raise type(error)(error.message, back=_page(conversation_id)) from None
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "passed_on", f"conversation {conversation_id}", to=name))
    return RedirectResponse("/desk/queue", 303)


async def _to_colleague(desk: Desk, conversation_id: str, held_by: int, advisor_id: int) -> str:
    here = await to_thread.run_sync(desk.people.presence.on_duty)
    colleague = next((one for one in here if one.user_id == advisor_id), None)
    if colleague is None:
        raise Conflict("This colleague is not at the desk any more. The student would wait for nobody; choose somebody else or an office.")
    await desk.service.pass_to_advisor(conversation_id, held_by, colleague.user_id, colleague.name)
    return colleague.name


async def _to_office(desk: Desk, conversation_id: str, held_by: int, office_id: int) -> str:
    office = await to_thread.run_sync(desk.people.offices.get, office_id)
    await desk.service.pass_to_office(conversation_id, held_by, office.id, office.name)
    return office.name


def choices(desk: Desk, who: SignedIn) -> list[tuple[str, str, str]]:
    """To whom a conversation can be passed: (group, value, name)."""
    colleagues = [("On duty now", f"advisor:{one.user_id}", one.name) for one in desk.people.presence.on_duty() if one.user_id != who.user.id]
    return colleagues + [("Offices", f"office:{one.id}", one.name) for one in desk.people.offices.all()]


async def _kept(conversation_id: str, act: object) -> None:
    """Does it; a refusal leads back to the conversation."""
    assert callable(act)
    try:
        await to_thread.run_sync(act)
    except DeskError as error:
        raise type(error)(error.message, back=_page(conversation_id)) from None


def _page(conversation_id: str) -> str:
    return f"/desk/conversations/{conversation_id}"


def _back(conversation_id: str, place: str) -> RedirectResponse:
    return RedirectResponse(f"{_page(conversation_id)}#{place}", 303)
