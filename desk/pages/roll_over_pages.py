"""One page for a new academic year: every fact that ends with the old one, its present value and room for the new."""

from __future__ import annotations

import datetime as dt

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.editor.rolling import Rolling, Row, ending, year_to_roll
from desk.editor.together import Outcome, Together
from desk.errors import Invalid
from desk.pages.forms import one, posted_form
from desk.pages.rendering import DeskHere, Editor, EditorForm, page
from desk.staff.accounts import SignedIn
from desk.wiring import Desk
from knowledge.rendering import state

router = APIRouter(prefix="/desk/freshness/roll-over", include_in_schema=False)
HERE = "/desk/freshness/roll-over"


@router.get("")
async def show(request: Request, desk: DeskHere, who: Editor, first: str = "", last: str = "", done: str = "", count: int = 0) -> HTMLResponse:
    """`first`, `last`: the days between which a fact's last day lies."""
    days = _days(desk, first, last)
    rows = await to_thread.run_sync(_rows, desk, days)
    return _page(request, desk, who, days, rows, done=done, count=count)


@router.post("")
async def save(request: Request, desk: DeskHere, who: EditorForm) -> Response:
    """Keep drafts, or publish every row that was changed."""
    form = await posted_form(request)
    days, why, keeps = _days(desk, one(form, "first"), one(form, "last")), one(form, "why"), one(form, "action") != "publish"
    rolling = Rolling(desk.editorial, Together(desk.editorial, desk.audit))
    rows = await to_thread.run_sync(rolling.rows, form.get("key", []), form)
    if not any(row.unsaved if keeps else row.changed for row in rows):
        raise Invalid("Nothing was changed in any row.", back=f"{HERE}?first={days[0]}&last={days[1]}")
    if keeps:
        outcome = await to_thread.run_sync(rolling.keep, who.user, rows)
    else:
        outcome = await to_thread.run_sync(rolling.publish, who.user, rows, why or f"roll-over of the year that ends {days[1]}")
    if outcome.faults or outcome.culprits:
        return _page(request, desk, who, days, rows, outcome)
    return RedirectResponse(f"{HERE}?first={days[0]}&last={days[1]}&done={'draft' if keeps else 'publish'}&count={outcome.done}", 303)


def _page(
    request: Request, desk: Desk, who: SignedIn, days: tuple[dt.date, dt.date], rows: list[Row], refused: Outcome | None = None, **told: object
) -> HTMLResponse:
    facts = desk.assistant.runtime.snapshot().facts
    present = {row.key: state(facts[row.key], "en") for row in rows if row.key in facts}
    faults = refused.faults if refused else {}
    return page(
        request, "roll_over.html", who, 422 if refused else 200, rows=rows, facts=facts, present=present, first=days[0], last=days[1], refused=refused,
        faults={key: remarks for (_, key), remarks in faults.items()}, changed=sum(row.changed for row in rows), **told,
    )  # fmt: skip


def _rows(desk: Desk, days: tuple[dt.date, dt.date]) -> list[Row]:
    keys = [fact.id for fact in ending(desk.assistant.runtime.snapshot(), *days)]
    return Rolling(desk.editorial, Together(desk.editorial, desk.audit)).rows(keys, {})


def _days(desk: Desk, first: str, last: str) -> tuple[dt.date, dt.date]:
    """Those asked for; without them, the academic year that ends next."""
    usual = year_to_roll(desk.assistant.today())
    try:
        days = dt.date.fromisoformat(first or usual[0].isoformat()), dt.date.fromisoformat(last or usual[1].isoformat())
    except ValueError:
        raise Invalid("Write each day as 2027-06-30.", back=HERE) from None
    if days[0] > days[1]:
        raise Invalid("The first day comes after the last.", back=HERE)
    return days
