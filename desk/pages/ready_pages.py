"""What the desk keeps ready for advisors: canned replies, and the offices a conversation can be passed to."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.errors import Conflict, Invalid
from desk.pages.rendering import Admin, AdminForm, Advisor, AdvisorForm, DeskHere, page
from desk.staff.accounts import SignedIn
from desk.wiring import Desk

router = APIRouter(prefix="/desk", include_in_schema=False)


@router.get("/canned")
async def canned(request: Request, desk: DeskHere, who: Advisor) -> HTMLResponse:
    return await _show_canned(request, desk, who)


@router.post("/canned")
async def keep_canned(
    request: Request, desk: DeskHere, who: AdvisorForm, title: Annotated[str, Form()] = "", text_en: Annotated[str, Form()] = "",
    text_es: Annotated[str, Form()] = "", canned_id: Annotated[int | None, Form()] = None,
) -> Response:  # fmt: skip
    """A new one, or with its number a changed one; what was typed is kept when it is refused."""
    try:
        kept = await to_thread.run_sync(desk.people.canned.keep, title, text_en, text_es, canned_id)
    except (Invalid, Conflict) as error:
        typed = {"title": title, "text_en": text_en, "text_es": text_es, "id": canned_id}
        return await _show_canned(request, desk, who, error.status, fault=error.message, typed=typed)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "kept_canned_reply", kept.title))
    return RedirectResponse("/desk/canned", 303)


@router.post("/canned/{canned_id}/remove")
async def remove_canned(desk: DeskHere, who: AdvisorForm, canned_id: int) -> Response:
    await to_thread.run_sync(desk.people.canned.remove, canned_id)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "removed_canned_reply", str(canned_id)))
    return RedirectResponse("/desk/canned", 303)


async def _show_canned(request: Request, desk: Desk, who: SignedIn, status: int = 200, **more: object) -> HTMLResponse:
    replies = await to_thread.run_sync(desk.people.canned.all)
    return page(request, "canned.html", who, status, replies=replies, **{"fault": "", "typed": {}, **more})


@router.get("/offices")
async def offices(request: Request, desk: DeskHere, who: Admin) -> HTMLResponse:
    return await _show_offices(request, desk, who)


@router.post("/offices")
async def add_office(
    request: Request, desk: DeskHere, who: AdminForm, name: Annotated[str, Form()] = "", hours: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    try:
        made = await to_thread.run_sync(desk.people.offices.add, name, hours, email)
    except (Invalid, Conflict) as error:
        typed = {"name": name, "hours": hours, "email": email}
        return await _show_offices(request, desk, who, error.status, fault=error.message, typed=typed)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "made_office", made.name))
    return RedirectResponse("/desk/offices", 303)


@router.post("/offices/{office_id}/remove")
async def remove_office(desk: DeskHere, who: AdminForm, office_id: int) -> Response:
    gone = await to_thread.run_sync(desk.people.offices.remove, office_id)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "removed_office", gone.name))
    return RedirectResponse("/desk/offices", 303)


async def _show_offices(request: Request, desk: Desk, who: SignedIn, status: int = 200, **more: object) -> HTMLResponse:
    found = await to_thread.run_sync(desk.people.offices.all)
    usual = desk.settings.office_hours
    return page(request, "offices.html", who, status, offices=found, usual=usual, **{"fault": "", "typed": {}, **more})
