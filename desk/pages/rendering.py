"""Templates, and who is looking at them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from desk.errors import Forbidden, MustChangePassword, NotSignedIn
from desk.pages.wording import FILTERS
from desk.staff.accounts import Role, SignedIn
from desk.wiring import Desk, desk_of

COOKIE = "waymark_staff"
templates = Jinja2Templates(Path(__file__).parent.parent / "templates")
templates.env.filters.update(FILTERS)
templates.env.trim_blocks = templates.env.lstrip_blocks = True

DeskHere = Annotated[Desk, Depends(desk_of)]


def page(request: Request, name: str, who: SignedIn | None = None, status: int = 200, **values: Any) -> HTMLResponse:
    """`zone` lets templates tell times as the office's clock does."""
    desk: Desk = request.app.state.desk
    known = {
        "who": who,
        "csrf": who.csrf if who else "",
        "zone": ZoneInfo(desk.settings.time_zone),
        "announced": desk.announcements.latest(),
        "district": desk.district.name,
    }
    return templates.TemplateResponse(request, name, {**known, **values}, status_code=status)


def wants_page(request: Request) -> bool:
    """Is a browser showing a staff page, rather than a script asking for data?"""
    return request.url.path.startswith("/desk") and "text/html" in request.headers.get("accept", "")


async def any_session(request: Request, desk: DeskHere) -> SignedIn:
    """Whoever is signed in, also before they have changed a password that somebody else made."""
    cookie = request.cookies.get(COOKIE, "")
    acts = request.method != "GET" or wants_page(request)  # what scripts fetch by themselves keeps no session alive
    who = await to_thread.run_sync(desk.accounts.who, cookie, acts) if cookie else None
    if who is None:
        raise NotSignedIn("Please sign in.")
    return who


async def signed_in(who: Annotated[SignedIn, Depends(any_session)]) -> SignedIn:
    if who.user.must_change:
        raise MustChangePassword("Choose a password of your own first.")
    return who


def role(*roles: Role) -> Callable[..., Coroutine[Any, Any, SignedIn]]:
    """A dependency that lets only these roles (and admins) see a page."""

    async def check(who: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
        if not who.user.may(*roles):
            raise Forbidden(f"This page is for the role {' or '.join(roles)}; you are signed in as {who.user.role}.")
        return who

    return check


def role_and_form(*roles: Role) -> Callable[..., Coroutine[Any, Any, SignedIn]]:
    """As `role`, for a form: it must carry the session's CSRF token."""
    return _form(role(*roles))


def _form(dependency: Callable[..., Coroutine[Any, Any, SignedIn]]) -> Callable[..., Coroutine[Any, Any, SignedIn]]:
    # As a default and not inside Annotated: an annotation is read later, where `allowed` is not known.
    allowed = Depends(dependency)

    async def check(who: SignedIn = allowed, csrf: Annotated[str, Form()] = "") -> SignedIn:
        if not csrf or csrf != who.csrf:
            raise Forbidden("This form is out of date. Go back, reload the page and try again.")
        return who

    return check


Anybody = Annotated[SignedIn, Depends(any_session)]
AnybodyForm = Annotated[SignedIn, Depends(_form(any_session))]
Advisor = Annotated[SignedIn, Depends(role("advisor"))]
AdvisorForm = Annotated[SignedIn, Depends(role_and_form("advisor"))]
Editor = Annotated[SignedIn, Depends(role("editor"))]
EditorForm = Annotated[SignedIn, Depends(role_and_form("editor"))]
Writer = Annotated[SignedIn, Depends(role("advisor", "editor"))]
WriterForm = Annotated[SignedIn, Depends(role_and_form("advisor", "editor"))]
Admin = Annotated[SignedIn, Depends(role("admin"))]
AdminForm = Annotated[SignedIn, Depends(role_and_form("admin"))]
