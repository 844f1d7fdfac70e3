"""Who may sign in. For admins."""

from __future__ import annotations

import secrets
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.errors import Conflict, DeskError, Invalid
from desk.pages.rendering import Admin, AdminForm, DeskHere, page
from desk.staff.accounts import ROLES, SignedIn
from desk.wiring import Desk

router = APIRouter(prefix="/desk/accounts", include_in_schema=False)


@router.get("")
async def accounts(request: Request, desk: DeskHere, who: Admin) -> HTMLResponse:
    return await _show(request, desk, who)


@router.post("")
async def create(
    request: Request, desk: DeskHere, who: AdminForm, email: Annotated[str, Form()], role: Annotated[str, Form()], name: Annotated[str, Form()] = ""
) -> Response:
    """The first password is made here, shown once and kept nowhere."""
    password = secrets.token_urlsafe(12)
    try:
        made = await to_thread.run_sync(desk.accounts.create, email, name, role, password)
    except (Invalid, Conflict) as error:
        return await _show(request, desk, who, error.status, fault=error.message, typed={"email": email, "name": name, "role": role})
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "created_account", made.email, role=made.role))
    return await _show(request, desk, who, 201, made=made, password=password)


@router.post("/{user_id}/active")
async def switch(request: Request, desk: DeskHere, who: AdminForm, user_id: int, active: Annotated[bool, Form()]) -> Response:
    """Switch an account on or off; off ends its sessions at once. Nobody locks themselves out."""
    if user_id == who.user.id:
        raise Conflict("You cannot switch off your own account. Ask another admin.", back="/desk/accounts")
    try:
        await to_thread.run_sync(desk.accounts.set_active, user_id, active)
    except DeskError as error:
        raise type(error)(error.message, back="/desk/accounts") from None
    changed = next(user for user in await to_thread.run_sync(desk.accounts.all) if user.id == user_id)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "switched_on" if active else "switched_off", changed.email))
    return RedirectResponse("/desk/accounts", 303)


async def _show(request: Request, desk: Desk, who: SignedIn, status: int = 200, **more: object) -> HTMLResponse:
    users = await to_thread.run_sync(desk.accounts.all)
    return page(request, "accounts.html", who, status, users=users, roles=ROLES, **{"fault": "", "typed": {}, "made": None, "password": "", **more})
