"""What staff did, and whether the record of it is whole. For admins."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk.pages.rendering import Admin, DeskHere, page

router = APIRouter(prefix="/desk/audit", include_in_schema=False)
NEWEST = 1000


@router.get("")
async def audit(request: Request, desk: DeskHere, who: Admin, q: str = "") -> HTMLResponse:
    """The newest rows whose name, action or subject holds all the words of `q`."""
    rows = await to_thread.run_sync(desk.audit.recent, NEWEST)
    broken = await to_thread.run_sync(desk.audit.verify)
    wanted = q.lower().split()
    found = [row for row in rows if all(word in f"{row.who} {row.action} {row.subject}".lower().replace("_", " ") for word in wanted)]
    return page(request, "audit.html", who, rows=found[:200], count=len(found), newest=NEWEST, q=q, broken=broken)
