"""Signing in and out, and the password of one's own."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.errors import DeskError, Invalid, MustChangePassword, NotSignedIn
from desk.pages.rendering import COOKIE, Anybody, AnybodyForm, DeskHere, page, signed_in
from desk.staff.accounts import SignedIn
from desk.wiring import Desk

router = APIRouter(prefix="/desk", include_in_schema=False)
HASHING = CapacityLimiter(2)
"""A password takes 64 MB and a tenth of a second on purpose; a flood of them waits in line instead of filling the memory."""


def refused(request: Request, error: DeskError) -> Response:
    """A refusal as a page; who is not signed in is sent to sign in and comes back."""
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return RedirectResponse(f"/desk/sign-in?next={quote(request.url.path)}", 303)
    if isinstance(error, MustChangePassword):
        return RedirectResponse("/desk/password", 303)
    return page(request, "refused.html", status=error.status, message=error.message, back=error.facts.get("back", "/desk"))


def inside(path: str) -> str:
    """Only addresses of the desk itself: an address from outside is never followed."""
    plain = path.startswith("/desk/") and path.isprintable() and not any(part in path for part in ("//", "\\", ".."))
    return path if plain else "/desk"


def address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def keep_signed_in(desk: Desk, response: Response, cookie: str) -> None:
    secure = desk.settings.environment == "production"
    response.set_cookie(
        COOKIE, cookie, httponly=True, samesite="strict", secure=secure, path="/desk", max_age=int(desk.settings.session_hours * 3600)
    )


@router.get("")
async def desk_home(who: Annotated[SignedIn, Depends(signed_in)]) -> RedirectResponse:
    """Each role begins where its work is."""
    return RedirectResponse("/desk/queue" if who.user.may("advisor") else "/desk/knowledge", 303)


@router.get("/sign-in")
async def form(request: Request, next: str = "/desk") -> HTMLResponse:
    return page(request, "sign_in.html", next=inside(next), failed="", email="")


@router.post("/sign-in")
async def sign_in(
    request: Request, desk: DeskHere, email: Annotated[str, Form()], password: Annotated[str, Form()], next: Annotated[str, Form()] = ""
) -> Response:
    known_as, address = email.strip().lower()[:200], address_of(request)
    await to_thread.run_sync(desk.sign_in_tries.count, known_as, address)
    try:
        cookie, who = await to_thread.run_sync(desk.accounts.sign_in, email, password, limiter=HASHING)
    except NotSignedIn as error:
        await to_thread.run_sync(lambda: desk.audit.note(known_as, "sign_in_failed", "desk"))
        return page(request, "sign_in.html", status=401, next=inside(next), failed=error.message, email=email)
    await to_thread.run_sync(desk.sign_in_tries.forgive, known_as, address)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "signed_in", "desk"))
    response = RedirectResponse("/desk/password" if who.user.must_change else inside(next), 303)
    keep_signed_in(desk, response, cookie)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, desk: DeskHere, who: AnybodyForm) -> Response:
    await to_thread.run_sync(desk.accounts.sign_out, request.cookies.get(COOKIE, ""))
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "signed_out", "desk"))
    response = RedirectResponse("/desk/sign-in", 303)
    response.delete_cookie(COOKIE, path="/desk")
    return response


@router.get("/password")
async def password_form(request: Request, who: Anybody, changed: bool = False) -> HTMLResponse:
    return page(request, "password.html", who, fault="", changed=changed)


@router.post("/password")
async def change_password(request: Request, desk: DeskHere, who: AnybodyForm, old: Annotated[str, Form()], new: Annotated[str, Form()]) -> Response:
    """Ends every session of the account and begins a new one in this browser."""
    address = address_of(request)
    await to_thread.run_sync(desk.sign_in_tries.count, who.user.email, address)
    try:
        await to_thread.run_sync(desk.accounts.change_password, who.user.id, old, new, limiter=HASHING)
    except Invalid as error:
        await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "password_not_changed", "desk"))
        return page(request, "password.html", who, error.status, fault=error.message, changed=False)
    await to_thread.run_sync(desk.sign_in_tries.forgive, who.user.email, address)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "changed_password", "desk"))
    cookie, _ = await to_thread.run_sync(desk.accounts.begin, who.user)
    response = RedirectResponse("/desk/password?changed=true", 303)
    keep_signed_in(desk, response, cookie)
    return response
