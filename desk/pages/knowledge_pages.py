"""The editors' pages: find an entry, change it, publish it; the next question gets the new text."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.editor.entry_form import EntryForm, faults_of, read_form
from desk.errors import Conflict, NotFound
from desk.pages.rendering import DeskHere, Editor, EditorForm, page
from desk.staff.accounts import SignedIn
from knowledge.errors import RevisionConflict, UnknownDocument
from knowledge.rendering import render
from knowledge.schema import Entry

router = APIRouter(prefix="/desk/knowledge", include_in_schema=False)


@router.get("")
async def find(request: Request, desk: DeskHere, who: Editor, q: str = "", topic: str = "") -> HTMLResponse:
    snapshot, _ = await to_thread.run_sync(desk.assistant.runtime.current)
    wanted = q.lower().split()
    entries = [
        e
        for e in snapshot.entries.values()
        if (not topic or e.topic == topic) and all(w in f"{e.id} {e.question.en} {e.question.es} {e.answer.en} {e.answer.es}".lower() for w in wanted)
    ]
    return page(request, "knowledge.html", who, entries=entries[:200], count=len(entries), topics=snapshot.topics, q=q, topic=topic)


@router.get("/entries/{key}")
async def edit(request: Request, desk: DeskHere, who: Editor, key: str, saved: bool = False) -> HTMLResponse:
    try:
        stored = await to_thread.run_sync(desk.knowledge.get, "entry", key)
    except UnknownDocument as error:
        raise NotFound(str(error)) from None
    history = await to_thread.run_sync(desk.knowledge.history, "entry", key)
    entry = Entry.model_validate(stored.draft or stored.body)
    form = EntryForm.of(entry, stored.revision)
    return await _show(request, desk, who, entry, form, [], saved=saved, history=history[:20], draft=stored.draft is not None)


@router.post("/entries/{key}")
async def save(request: Request, desk: DeskHere, who: EditorForm, key: str, form: Annotated[EntryForm, Form()]) -> Response:
    """Save a draft or publish, whichever button was pressed."""
    stored = await to_thread.run_sync(desk.knowledge.get, "entry", key)
    before = Entry.model_validate(stored.draft or stored.body)
    snapshot, _ = await to_thread.run_sync(desk.assistant.runtime.current)
    today = desk.assistant.today()
    entry, faults = read_form(form, before, snapshot, today)
    if entry is None or (faults and form.action == "publish"):
        return await _show(request, desk, who, before, form, faults, status=422)
    act = desk.knowledge.publish if form.action == "publish" else desk.knowledge.save_draft
    try:
        if form.action == "publish":
            await to_thread.run_sync(lambda: desk.knowledge.publish(entry, form.opened, who.user.email, form.why))
        else:
            await to_thread.run_sync(lambda: desk.knowledge.save_draft(entry, form.opened, who.user.email))
    except RevisionConflict:
        raise Conflict("Somebody else changed this entry while you were writing. Open it again in another tab and bring your words over.") from None
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, act.__name__, f"entry {key}", why=form.why))
    return RedirectResponse(f"/desk/knowledge/entries/{key}?saved=true", 303)


async def _show(
    request: Request, desk: DeskHere, who: SignedIn, entry: Entry, form: EntryForm, faults: list[str], status: int = 200, **more: object
) -> HTMLResponse:
    snapshot, _ = await to_thread.run_sync(desk.assistant.runtime.current)
    today: dt.date = desk.assistant.today()
    shown = {"en": render(form.answer_en, snapshot.facts, "en", today).text, "es": render(form.answer_es, snapshot.facts, "es", today).text}
    values = {"saved": False, "history": [], "draft": False, **more}
    return page(
        request, "entry.html", who, status, entry=entry, form=form, faults=faults, shown=shown, warnings=faults_of(entry, snapshot, today), **values
    )
