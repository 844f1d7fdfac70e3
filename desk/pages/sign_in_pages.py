"""Signing in and out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.errors import DeskError, NotSignedIn
from desk.pages.rendering import COOKIE, DeskHere, page, role_and_form, signed_in
from desk.staff.accounts import SignedIn

router = APIRouter(prefix="/desk", include_in_schema=False)


def refused(request: Request, error: DeskError) -> Response:
    """A refusal as a page; who is not signed in is sent to sign in and comes back."""
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return RedirectResponse(f"/desk/sign-in?next={quote(request.url.path)}", 303)
    return page(request, "refused.html", status=error.status, message=error.message, back=error.facts.get("back", "/desk"))


def _inside(path: str) -> str:
    """Only addresses of the desk itself: an address from outside is never followed."""
    return path if path.startswith("/desk/") and "//" not in path and "\\" not in path else "/desk"


@router.get("")
async def desk_home(who: Annotated[SignedIn, Depends(signed_in)]) -> RedirectResponse:
    """Each role begins where its work is."""
    return RedirectResponse("/desk/queue" if who.user.may("advisor") else "/desk/knowledge", 303)


@router.get("/sign-in")
async def form(request: Request, next: str = "/desk") -> HTMLResponse:
    return page(request, "sign_in.html", next=_inside(next), failed="", email="")


@router.post("/sign-in")
async def sign_in(
    request: Request, desk: DeskHere, email: Annotated[str, Form()], password: Annotated[str, Form()], next: Annotated[str, Form()] = ""
) -> Response:
    desk.limit_sign_in.check(f"{request.client.host if request.client else ''} {email.strip().lower()}")
    try:
        cookie, who = await to_thread.run_sync(desk.accounts.sign_in, email, password)
    except NotSignedIn as error:
        await to_thread.run_sync(lambda: desk.audit.note(email.strip().lower()[:200], "sign_in_failed", "desk"))
        return page(request, "sign_in.html", status=401, next=_inside(next), failed=error.message, email=email)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "signed_in", "desk"))
    response = RedirectResponse(_inside(next), 303)
    secure = desk.settings.environment == "production"
    response.set_cookie(
        COOKIE, cookie, httponly=True, samesite="strict", secure=secure, path="/desk", max_age=int(desk.settings.session_hours * 3600)
    )
    return response


@router.post("/sign-out")
async def sign_out(request: Request, desk: DeskHere, who: Annotated[SignedIn, Depends(role_and_form("advisor", "editor"))]) -> Response:
    await to_thread.run_sync(desk.accounts.sign_out, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/desk/sign-in", 303)
    response.delete_cookie(COOKIE, path="/desk")
    return response
