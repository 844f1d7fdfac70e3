"""The freshness desk: what must be looked at again, and “checked today” for many at once."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from desk.editor.freshness import NEEDS, Line, Wanted, chosen, counts, lines, url_of
from desk.editor.labels import KIND_NAMES
from desk.editor.link_round import Progress
from desk.editor.together import Change, Outcome, Together
from desk.editor.using import Reads, reads
from desk.errors import Conflict, Invalid
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
OUTCOMES = {"works": "work", "moved": "moved", "dead": "dead", "unclear": "could not be told"}


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


@router.get("/links")
async def progress_of_links(desk: DeskHere, who: Writer) -> JSONResponse:
    """How far trying the links is: {running, said}."""
    told = await to_thread.run_sync(desk.link_round.progress)
    return JSONResponse({"running": bool(told and told.running(desk.store.clock())), "said": said_of(told, desk.store.clock())})


@router.post("/links/try")
async def try_links(request: Request, desk: DeskHere, who: EditorForm, wanted: Annotated[Wanted, Query()]) -> Response:
    """Try the link of one document (`only`: kind/key), or of all, in the background. `wanted`: the list to come back to."""
    only = one(await posted_form(request), "only")
    urls = await to_thread.run_sync(_urls, desk, only)
    if not urls:
        raise Invalid("This has no link to try.", back="/desk/freshness")
    if not await to_thread.run_sync(desk.link_round.begin, urls, desk.assistant.today(), who.user.name):
        raise Conflict("Links are being tried already. Wait until that is done.", back="/desk/freshness")
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "tried_links", only or "all", count=len(urls)))
    return RedirectResponse(f"/desk/freshness?{_query(wanted)}#links", 303)


def _query(wanted: Wanted) -> str:
    """The list as the end of an address."""
    return urlencode(wanted.model_dump(exclude_defaults=True))


def _urls(desk: Desk, only: str) -> set[str]:
    documents = (d for of_kind in desk.assistant.runtime.snapshot().documents.values() for d in of_kind.values())
    return {url for d in documents if only in ("", f"{d.kind}/{d.key}") and (url := url_of(d))}


def said_of(told: Progress | None, now: dt.datetime) -> str:
    """A round in one sentence; empty if there never was one."""
    if told is None:
        return ""
    if told.running(now):
        return f"{told.by} is trying {told.count} link{'s' if told.count != 1 else ''}, one at a time at each site: {told.done} done."
    if told.trouble:
        return told.trouble
    counts = ", ".join(f"{told.outcomes[outcome]} {words}" for outcome, words in OUTCOMES.items() if told.outcomes.get(outcome))
    if not told.ended or told.done < told.count:
        return f"Trying the links was broken off after {told.done} of {told.count}. Try them again."
    return f"{told.by} tried {told.count} link{'s' if told.count != 1 else ''}: {counts}."


def _page(request: Request, desk: Desk, who: SignedIn, wanted: Wanted, refused: Outcome | None = None) -> HTMLResponse:
    snapshot, today = desk.assistant.runtime.snapshot(), desk.assistant.today()
    found = lines(snapshot, links.kept(desk.settings.links_file), wanted, today)
    shown = chosen(found, wanted)
    done = request.query_params.get("done", "")
    users = users_by_place(snapshot)
    told, now = desk.link_round.progress(), desk.store.clock()
    return page(
        request, "freshness.html", who, 422 if refused else 200, lines=[(line, *_uses(desk, line, users)) for line in shown[:SHOWN]], count=len(shown), wanted=wanted,
        counts=counts(found, wanted), needs=NEEDS, kinds={line.document.kind: KIND_NAMES[line.document.kind][1] for line in found},
        owners=sorted({line.owner for line in found} - {""}), today=today, refused=refused,
        round=said_of(told, now), running=bool(told and told.running(now)), links=len(_urls(desk, "")), url_of=url_of, here=_query(wanted),
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
