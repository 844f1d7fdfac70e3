"""One document as a page: its form with what speaks about it beside, or two versions to be merged."""

from __future__ import annotations

from collections.abc import Iterable

from anyio import to_thread
from fastapi import Request
from fastapi.responses import HTMLResponse

from desk.editor.checks import Remark
from desk.editor.differences import differences
from desk.editor.editorial import Opened, Outcome
from desk.editor.fields import Field, Shape, fields_of, rows_of
from desk.editor.forms import STATED, Flat, part_numbers
from desk.editor.labels import KIND_NAMES
from desk.editor.looking import Look, look
from desk.editor.naming import title_of
from desk.pages.rendering import page
from desk.staff.accounts import SignedIn
from desk.wiring import Desk
from knowledge.references import users_of
from knowledge.regression_gate import Culprit
from knowledge.store import body_of

USERS_SHOWN = 12


async def show_document(
    request: Request, desk: Desk, who: SignedIn, opened: Opened, flat: Flat, revision: int, status: int = 200,
    *, faults: Iterable[Remark] = (), culprits: Iterable[Culprit] = (), pressed: str = "publish", why: str = "", done: str = "",
) -> HTMLResponse:  # fmt: skip
    kind, key = opened.model.kind, opened.stored.key
    fields = [f for f in fields_of(opened.model) if opened.new or f.name not in opened.model.fixed]
    history = [] if opened.new else await to_thread.run_sync(desk.knowledge.history, kind, key)
    snapshot = desk.assistant.runtime.snapshot()
    users = [] if opened.new else await to_thread.run_sync(users_of, snapshot, kind, key)
    faulty = {fault.field for fault in faults}
    seen = await to_thread.run_sync(look_at, desk, opened, flat)
    return page(
        request, "document.html", who, status, kind=kind, key=key, path=f"/desk/knowledge/new/{kind}" if opened.new else f"/desk/knowledge/{kind}/{key}", kind_name=KIND_NAMES[kind][0], opened=opened, stored=opened.stored, flat=flat,
        revision=revision, rows=list(rows_of(tuple(fields))), title=document_title(opened), faults=list(faults), culprits=list(culprits), pressed=pressed, look=seen, faulty=faulty, why=why, done=done,
        today=desk.assistant.today(), stated=STATED, history=history[:5], users=users[:USERS_SHOWN], more_users=max(0, len(users) - USERS_SHOWN), title_of=lambda d: title_of(body_of(d)),
        held=desk.editorial.trying.held(), fits_after=_last_words(fields),
        names=_names(desk, fields, flat), numbers=lambda field: part_numbers(field, flat), unsaved=flat != opened.flat,
        changes=differences(opened.model, opened.published or {}, opened.flat) if opened.stored.draft is not None and opened.published else [],
        alone=desk.editorial.second_person and (opened.stored.drafted_by in (None, who.user.email)),
    )  # fmt: skip


def look_at(desk: Desk, opened: Opened, flat: Flat) -> Look:
    """What speaks about the text as it stands in the form."""
    runtime = desk.assistant.runtime
    return look(opened.model, opened.stored.key, flat, opened.published, runtime.current(), desk.editorial.vectors, desk.assistant.today())


async def show_merge(request: Request, desk: Desk, who: SignedIn, opened: Opened, outcome: Outcome, why: str) -> HTMLResponse:
    """Both changed it: what joined by itself is told, what clashes is chosen."""
    kind, key = opened.model.kind, opened.stored.key
    now = await to_thread.run_sync(desk.editorial.open, kind, key)
    newest = (await to_thread.run_sync(desk.knowledge.history, kind, key))[0]
    return page(
        request, "merge.html", who, 409, kind=kind, key=key, title=document_title(now), merge=outcome.merge, newest=newest, revision=outcome.opened,
        theirs=now.flat, why=why,
    )  # fmt: skip


def document_title(opened: Opened) -> str:
    if opened.new:
        return f"New {KIND_NAMES[opened.model.kind][0].lower()}"
    return title_of(opened.stored.draft or opened.stored.body or {}) or opened.stored.key


def _last_words(fields: list[Field]) -> str:
    """The last field of words that stand in both languages, where a document keeps the day each was written."""
    dated = any(field.shape is Shape.WRITTEN for field in fields)
    return next((field.name for field in reversed(fields) if dated and field.shape in (Shape.TEXT, Shape.MANY)), "")


def _names(desk: Desk, fields: Iterable[Field], flat: Flat) -> dict[str, str]:
    """Titles of the documents that list fields name now, so that keys need not be known by heart."""
    snapshot = desk.assistant.runtime.snapshot()
    named = [(f.refers, key) for f in fields if f.refers for key in flat.get(f.name, "").splitlines()]
    return {key: title_of(body_of(found)) for kind, key in named if kind and (found := snapshot.documents[kind].get(key))}
