"""The emergency switch: tell everybody one thing, and pause the program. For admins."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict

from desk.errors import Invalid
from desk.pages.rendering import Admin, AdminForm, DeskHere, page
from desk.staff.accounts import SignedIn
from desk.wiring import Desk

router = APIRouter(prefix="/desk/announcement", include_in_schema=False)
_UNDER_WAY: set[asyncio.Task[int]] = set()


class AnnouncementForm(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text_en: str = ""
    text_es: str = ""
    pauses: bool = False
    ends: str = ""


@router.get("")
async def announcement(request: Request, desk: DeskHere, who: Admin) -> HTMLResponse:
    return await _show(request, desk, who, AnnouncementForm())


@router.post("")
async def begin(request: Request, desk: DeskHere, who: AdminForm, form: Annotated[AnnouncementForm, Form()]) -> Response:
    """`ends` is a time of the office's clock, as the browser's field gives it."""
    try:
        ends_at = _moment(form.ends, ZoneInfo(desk.settings.time_zone))
        made = await to_thread.run_sync(desk.announcements.begin, form.text_en, form.text_es, form.pauses, ends_at, who.user.email)
    except Invalid as error:
        return await _show(request, desk, who, form, error.message, 422)
    await to_thread.run_sync(
        lambda: desk.audit.note(
            who.user.email,
            "announced",
            f"announcement {made.id}",
            paused=made.pauses,
            ends=ends_at.isoformat(),
            en=made.text["en"],
            es=made.text["es"],
        )
    )
    telling = asyncio.create_task(desk.telling.everywhere())
    _UNDER_WAY.add(telling)  # the loop itself keeps no hold of it
    telling.add_done_callback(_UNDER_WAY.discard)
    return RedirectResponse("/desk/announcement", 303)


@router.post("/end")
async def end(desk: DeskHere, who: AdminForm) -> Response:
    said = await to_thread.run_sync(desk.announcements.now)
    if said:
        await to_thread.run_sync(desk.announcements.end)
        await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "ended_announcement", f"announcement {said.id}"))
    return RedirectResponse("/desk/announcement", 303)


def _moment(text: str, zone: ZoneInfo) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise Invalid("Say until when, with day and time.") from None


async def _show(request: Request, desk: Desk, who: SignedIn, form: AnnouncementForm, fault: str = "", status: int = 200) -> HTMLResponse:
    said = await to_thread.run_sync(desk.announcements.now)
    history = await to_thread.run_sync(desk.announcements.history)
    reach = {language: desk.assistant.say("paused_reach_person", language) for language in ("en", "es")}
    return page(request, "announcement.html", who, status, said=said, history=history, form=form, fault=fault, reach=reach)
