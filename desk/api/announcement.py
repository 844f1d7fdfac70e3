"""What is announced to everybody just now, for pages and programs that show no conversation."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from desk.wiring import Desk, desk_of
from knowledge.schema import Language

router = APIRouter(prefix="/api/announcement", tags=["student"])


class ShownAnnouncement(BaseModel):
    """`paused`: the program answers no questions until `ends_at`."""

    text: dict[Language, str]
    paused: bool
    ends_at: str


class AnnouncementResponse(BaseModel):
    announcement: ShownAnnouncement | None


@router.get("")
async def announcement(desk: Annotated[Desk, Depends(desk_of)]) -> AnnouncementResponse:
    """The announcement of now, or null. In a conversation it also arrives as a message of the sender ``system``."""
    said = await to_thread.run_sync(desk.announcements.now)
    shown = ShownAnnouncement(text=said.text, paused=said.pauses, ends_at=said.ends_at.isoformat()) if said else None
    return AnnouncementResponse(announcement=shown)
