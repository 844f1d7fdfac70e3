"""Who may sign in. For admins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.errors import Conflict, DeskError, Invalid
from desk.pages.rendering import Admin, AdminForm, DeskHere, page
from desk.pages.sign_in_pages import HASHING
from desk.staff.accounts import ROLES, SignedIn
from desk.staff.passwords import temporary_password
from desk.wiring import Desk

router = APIRouter(prefix="/desk/accounts", include_in_schema=False)
Result = TypeVar("Result")


@router.get("")
async def accounts(request: Request, desk: DeskHere, who: Admin) -> HTMLResponse:
    return await _show(request, desk, who)


@router.post("")
async def create(
    request: Request, desk: DeskHere, who: AdminForm, email: Annotated[str, Form()], role: Annotated[str, Form()], name: Annotated[str, Form()] = ""
) -> Response:
    """The first password is made here, shown once and kept nowhere; its owner must change it at the first sign-in."""
    password = temporary_password()
    try:
        made = await to_thread.run_sync(lambda: desk.accounts.create(email, name, role, password, temporary=True), limiter=HASHING)
    except (Invalid, Conflict) as error:
        return await _show(request, desk, who, error.status, fault=error.message, typed={"email": email, "name": name, "role": role})
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "created_account", made.email, role=made.role))
    return await _show(request, desk, who, 201, made=made, password=password)


@router.post("/{user_id}/active")
async def switch(desk: DeskHere, who: AdminForm, user_id: int, active: Annotated[bool, Form()]) -> Response:
    """Switch an account on or off; off ends its sessions at once. Nobody locks themselves out."""
    _not_oneself(who, user_id, "switch off")
    changed = await _changed(lambda: desk.accounts.set_active(user_id, active))
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "switched_on" if active else "switched_off", changed.email))
    return RedirectResponse("/desk/accounts", 303)


@router.post("/{user_id}/role")
async def change_role(desk: DeskHere, who: AdminForm, user_id: int, role: Annotated[str, Form()]) -> Response:
    _not_oneself(who, user_id, "change the role of")
    changed = await _changed(lambda: desk.accounts.set_role(user_id, role))
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "changed_role", changed.email, role=changed.role))
    return RedirectResponse("/desk/accounts", 303)


@router.post("/{user_id}/reset")
async def reset(request: Request, desk: DeskHere, who: AdminForm, user_id: int) -> Response:
    """A temporary password, shown once; the account's sessions end and it must be changed at the next sign-in."""
    _not_oneself(who, user_id, "reset")
    made, password = await _changed(lambda: desk.accounts.reset_password(user_id))
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "reset_password", made.email))
    return await _show(request, desk, who, made=made, password=password)


def _not_oneself(who: SignedIn, user_id: int, what: str) -> None:
    if user_id == who.user.id:
        raise Conflict(f"You cannot {what} your own account here. Ask another admin.", back="/desk/accounts")


async def _changed(change: Callable[[], Result]) -> Result:
    """Make a change; a refusal leads back to the accounts."""
    try:
        return await to_thread.run_sync(change, limiter=HASHING)
    except DeskError as error:
        raise type(error)(error.message, back="/desk/accounts") from None


async def _show(request: Request, desk: Desk, who: SignedIn, status: int = 200, **more: object) -> HTMLResponse:
    users = await to_thread.run_sync(desk.accounts.all)
    return page(request, "accounts.html", who, status, users=users, roles=ROLES, **{"fault": "", "typed": {}, "made": None, "password": "", **more})
