"""The freshness desk: what must be looked at again, and “checked today” for many at once."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.editor.freshness import NEEDS, Line, Wanted, chosen, counts, lines
from desk.editor.labels import KIND_NAMES
from desk.editor.together import Change, Outcome, Together
from desk.editor.using import Reads, reads
from desk.errors import Invalid
from desk.pages.forms import one, posted_form
from desk.pages.rendering import DeskHere, EditorForm, Writer, page
from desk.staff.accounts import SignedIn
from desk.wiring import Desk
from knowledge import links
from knowledge.references import Place, users_by_place
from knowledge.schema import Document, Fact
from knowledge.store import digest_of

router = APIRouter(prefix="/desk/freshness", include_in_schema=False)
SHOWN, USES_SHOWN = 60, 6


@router.get("")
async def show(request: Request, desk: DeskHere, who: Writer, wanted: Annotated[Wanted, Query()]) -> HTMLResponse:
    return await to_thread.run_sync(_page, request, desk, who, wanted)


@router.post("/checked")
async def checked_again(request: Request, desk: DeskHere, who: EditorForm) -> Response:
    """Those that are ticked were looked at today and still say the truth. All of them are noted, or none."""
    form = await posted_form(request)
    note, ticked = one(form, "note"), form.get("seen", [])
    if not ticked or len(note) < 3:
        raise Invalid("Tick what you looked at, and say where you looked.", back="/desk/freshness")
    outcome = await to_thread.run_sync(_note, desk, who, ticked, note)
    if not outcome.done:
        return await to_thread.run_sync(_page, request, desk, who, Wanted(need="all"), outcome)
    return RedirectResponse(f"/desk/freshness?done={outcome.done}", 303)


def _page(request: Request, desk: Desk, who: SignedIn, wanted: Wanted, refused: Outcome | None = None) -> HTMLResponse:
    snapshot, today = desk.assistant.runtime.snapshot(), desk.assistant.today()
    found = lines(snapshot, links.kept(desk.settings.links_file), wanted, today)
    shown = chosen(found, wanted)
    done = request.query_params.get("done", "")
    users = users_by_place(snapshot)
    return page(
        request, "freshness.html", who, 422 if refused else 200, lines=[(line, *_uses(desk, line, users)) for line in shown[:SHOWN]], count=len(shown), wanted=wanted,
        counts=counts(found, wanted), needs=NEEDS, kinds={line.document.kind: KIND_NAMES[line.document.kind][1] for line in found},
        owners=sorted({line.owner for line in found} - {""}), today=today, refused=refused,
        done=int(done) if done.isdigit() else 0, tried=max((line.link.checked_on for line in found if line.link), default=""),
    )  # fmt: skip


def _uses(desk: Desk, line: Line, users: dict[Place, list[Document]]) -> tuple[list[Document], list[Reads]]:
    """Everything that names this document, and how the first answers with this fact read now."""
    mine = users.get((line.document.kind, line.document.key), [])
    if not isinstance(line.document, Fact):
        return mine, []
    return mine, reads(mine[:USES_SHOWN], line.document, desk.assistant.runtime.snapshot().facts, desk.assistant.today())


def _note(desk: Desk, who: SignedIn, ticked: list[str], note: str) -> Outcome:
    today, changes = desk.assistant.today(), []
    for mark in dict.fromkeys(ticked):
        kind, key, digest = [*mark.split("/"), "", ""][:3]
        opened = desk.editorial.open(kind, key)
        if opened.stored.body is None or digest_of(opened.stored.body) != digest:
            raise Invalid(f"The {kind} {key} was changed since you looked at it. Open the page again.", back="/desk/freshness")
        document = opened.model.model_validate({**opened.stored.body, "checked_on": today.isoformat()})
        changes.append(Change(document, opened.stored))
    return Together(desk.editorial, desk.audit).publish(who.user, changes, f"checked again: {note}")
