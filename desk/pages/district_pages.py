"""Signing in with a school district's account, and coming back from there."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.errors import NotSignedIn
from desk.pages.rendering import DeskHere, page
from desk.pages.sign_in_pages import HASHING, inside, keep_signed_in
from desk.staff.accounts import User
from desk.staff.district import Person, unknown_password
from desk.wiring import Desk

router = APIRouter(prefix="/desk/district", include_in_schema=False)
COOKIE = "waymark_district"


@router.get("")
async def begin(request: Request, desk: DeskHere, next: str = "/desk") -> Response:
    try:
        address, sealed = await desk.district.begin(inside(next))
    except NotSignedIn as error:
        return _failed(request, error)
    response = RedirectResponse(address, 303)
    secure = desk.settings.environment == "production"
    # Lax, not strict: the browser brings it back from the district's site.
    response.set_cookie(COOKIE, sealed, httponly=True, samesite="lax", secure=secure, path="/desk/district", max_age=600)
    return response


@router.get("/callback")
async def finish(request: Request, desk: DeskHere, code: str = "", state: str = "") -> Response:
    """A page that leads on, and not a redirect: from another site's page a redirect would not carry the session's strict cookie."""
    try:
        person, next_page = await desk.district.finish(code, state, request.cookies.get(COOKIE, ""))
        user = await to_thread.run_sync(_account_of, desk, person, limiter=HASHING)
    except NotSignedIn as error:
        details = {"why": error.message, "cause": str(error.facts.get("cause", ""))}
        await to_thread.run_sync(lambda: desk.audit.note("district", "sign_in_failed", "desk", **details))
        return _failed(request, error)
    cookie, _ = await to_thread.run_sync(desk.accounts.begin, user)
    await to_thread.run_sync(lambda: desk.audit.note(user.email, "signed_in", "desk", by="district"))
    response = page(request, "district.html", next=inside(next_page))
    keep_signed_in(desk, response, cookie)
    response.delete_cookie(COOKIE, path="/desk/district")
    return response


def _account_of(desk: Desk, person: Person) -> User:
    """The account of this address; a new one where the settings let its domain have one. Raises NotSignedIn."""
    user = desk.accounts.of_email(person.email)
    if user is None:
        role = desk.district.role_for(person.email)
        if not role:
            raise NotSignedIn("There is no account for you here. Ask an admin to make one.")
        user = desk.accounts.create(person.email, person.name, role, unknown_password())
        desk.audit.note("district", "created_account", user.email, role=user.role)
    if not user.active:
        raise NotSignedIn("Your account is switched off. Ask an admin.")
    return desk.accounts.vouched_for(user.id, unknown_password()) if user.must_change else user


def _failed(request: Request, error: NotSignedIn) -> HTMLResponse:
    return page(request, "sign_in.html", status=401, next="/desk", failed=error.message, email="")
