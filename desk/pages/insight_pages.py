"""Insight: how the conversations go, in numbers small enough to read and large enough to point at nobody."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk.errors import NotFound
from desk.insight.counting import Counting
from desk.insight.model import Span
from desk.insight.report import Insight, insight
from desk.office_days import begin_of, span
from desk.pages.rendering import DeskHere, Writer, page
from desk.wiring import Desk

router = APIRouter(prefix="/desk/insight", include_in_schema=False)
DAYS = 30
PERIODS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}


@router.get("")
async def show(request: Request, desk: DeskHere, who: Writer, since: str = "", until: str = "") -> HTMLResponse:
    first, last = _days(desk, since, until)
    made = await to_thread.run_sync(_insight, desk, first, last)
    today = desk.assistant.today()
    periods = {name: today - dt.timedelta(days=days - 1) for days, name in PERIODS.items()}
    return page(request, "insight.html", who, insight=made, first=first, last=last, today=today, periods=periods)


@router.get("/{name}.csv")
async def export(desk: DeskHere, who: Writer, name: str, since: str = "", until: str = "") -> Response:
    """The table as it stands on the page, with the same cells hidden."""
    first, last = _days(desk, since, until)
    table = (await to_thread.run_sync(_insight, desk, first, last)).tables().get(name)
    if table is None:
        raise NotFound("There is no table of this name.")
    file = f"waymark-{name}-{first}-{last}.csv"
    return Response(table.csv(), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{file}"'})


def _days(desk: Desk, since: str, until: str) -> tuple[dt.date, dt.date]:
    return span(since, until, desk.assistant.today(), DAYS)


def _insight(desk: Desk, first: dt.date, last: dt.date) -> Insight:
    zone = ZoneInfo(desk.settings.time_zone)
    whole = Span(begin_of(first, zone), begin_of(last + dt.timedelta(days=1), zone))
    return insight(Counting(desk.engine, zone), whole, desk.assistant.runtime.snapshot())
