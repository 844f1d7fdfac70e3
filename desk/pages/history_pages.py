"""What a document was before, word by word, and publishing an older text again; joining two versions."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.editor.differences import Difference, differences
from desk.editor.editorial import Opened
from desk.editor.forms import Flat, flat_of
from desk.editor.merging import choose
from desk.pages.document_view import document_title, show_document
from desk.pages.forms import number, one, posted_form
from desk.pages.rendering import DeskHere, EditorForm, Writer, WriterForm, page
from knowledge.editing import Revision

router = APIRouter(prefix="/desk/knowledge", include_in_schema=False)
SHOWN = 50


@dataclass(frozen=True)
class Change:
    """A revision and how its text differs from the one before."""

    revision: Revision
    differences: list[Difference]
    may_come_back: bool


@router.get("/{kind}/{key}/history")
async def history(request: Request, desk: DeskHere, who: Writer, kind: str, key: str) -> HTMLResponse:
    opened = await to_thread.run_sync(desk.editorial.open, kind, key)
    return await _show(request, desk, who, opened)


@router.post("/{kind}/{key}/bring-back")
async def bring_back(request: Request, desk: DeskHere, who: EditorForm, kind: str, key: str) -> Response:
    """Publish the text of an older revision again."""
    form = await posted_form(request)
    opened = await to_thread.run_sync(desk.editorial.open, kind, key)
    old, revision = number(form, "revision"), number(form, "opened")
    if opened.stored.revision != revision:
        return await _show(request, desk, who, opened, 409, moved=True)
    outcome = await to_thread.run_sync(desk.editorial.bring_back, who.user, opened, old, revision, one(form, "why"), one(form, "override"))
    if not outcome.done:
        return await _show(request, desk, who, opened, 422, faults=outcome.faults, culprits=outcome.culprits, old=old)
    return RedirectResponse(f"/desk/knowledge/{kind}/{key}?done=publish", 303)


@router.post("/{kind}/{key}/merge")
async def join(request: Request, desk: DeskHere, who: WriterForm, kind: str, key: str) -> HTMLResponse:
    """The form with both versions joined as chosen; nothing is saved yet."""
    form = await posted_form(request)
    opened = await to_thread.run_sync(desk.editorial.open, kind, key)
    mine, theirs, chosen = _after("mine:", form), _after("theirs:", form), _after("choose:", form)
    flat = choose(opened.model, mine, theirs, chosen)
    return await show_document(request, desk, who, opened, flat, number(form, "opened"), why=one(form, "why"), done="merged")


async def _show(request, desk, who, opened: Opened, status: int = 200, **more: object) -> HTMLResponse:  # type: ignore[no-untyped-def]
    kind, key = opened.model.kind, opened.stored.key
    revisions = await to_thread.run_sync(desk.knowledge.history, kind, key)
    values = {"faults": (), "culprits": (), "old": 0, "moved": False, **more}
    return page(
        request,
        "history.html",
        who,
        status,
        kind=kind,
        key=key,
        title=document_title(opened),
        opened=opened,
        changes=_changes(opened, revisions[: SHOWN + 1]),
        **values,
    )


def _changes(opened: Opened, revisions: list[Revision]) -> list[Change]:
    """Newest first. A text published before may come back, unless it is the one published now."""
    flats: list[Flat] = [flat_of(opened.model, r.body or {}) if r.body else {} for r in revisions]
    made = []
    for n, (revision, flat) in enumerate(zip(revisions, flats)):
        before = flats[n + 1] if n + 1 < len(flats) else ({} if revision.revision == 1 else flat)
        back = revision.action in ("publish", "load") and flat != opened.published
        made.append(Change(revision, differences(opened.model, before, flat), back))
    return made[:SHOWN]


def _after(start: str, form: dict[str, list[str]]) -> Flat:
    return {name.removeprefix(start): values[-1].replace("\r\n", "\n") for name, values in form.items() if name.startswith(start)}
