"""The list of all knowledge, and the forms in which it is changed; a published change answers the next question."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.editor.catalogue import SPANISH, STATES
from desk.editor.catalogue import Query as Wanted
from desk.editor.editorial import Opened, Outcome
from desk.editor.forms import Flat, flat_of
from desk.editor.labels import KIND_NAMES
from desk.editor.parts import moved
from desk.errors import Forbidden
from desk.pages.document_view import show_document, show_merge
from desk.pages.forms import number, one, posted_form
from desk.pages.rendering import DeskHere, Writer, WriterForm, page
from desk.staff.accounts import SignedIn
from desk.wiring import Desk
from knowledge.rendering import state
from knowledge.schema import Facet, Fact, FactKind

router = APIRouter(prefix="/desk/knowledge", include_in_schema=False)
SHOWN, FACTS_SHOWN, COMPLETIONS = 200, 8, 12


@router.get("")
async def find(request: Request, desk: DeskHere, who: Writer, wanted: Annotated[Wanted, Query()]) -> HTMLResponse:
    """Without a query: the entries, by topic."""
    catalogue = desk.editorial.catalogue
    asked = Wanted(kind="entry") if wanted.empty and not request.query_params else wanted
    items = await to_thread.run_sync(catalogue.find, asked)
    owners = await to_thread.run_sync(catalogue.owners)
    facts = await to_thread.run_sync(_facts, desk, asked) if asked.q and asked.kind == "entry" else []
    waiting = await to_thread.run_sync(catalogue.waiting)
    return page(
        request, "knowledge.html", who, items=items[:SHOWN], count=len(items), wanted=asked, topics=desk.assistant.runtime.snapshot().topics, waiting=waiting,
        facts=facts, owners=owners, kinds=KIND_NAMES, facets=list(Facet), states=STATES, spanish=SPANISH, today=desk.assistant.today(),
    )  # fmt: skip


def _facts(desk: Desk, asked: Wanted) -> list[tuple[Fact, str]]:
    """The facts behind what is looked for, as they are told now: changing one needs no way through an answer."""
    known = desk.assistant.runtime.snapshot().facts
    found = [known[item.key] for item in desk.editorial.catalogue.find(Wanted(kind=Fact.kind, q=asked.q)) if item.key in known]
    ordered = sorted(found, key=lambda fact: (fact.type is FactKind.LINK, fact.type is not FactKind.DATE))
    return [(fact, state(fact, "en")) for fact in ordered[:FACTS_SHOWN]]


@router.get("/new/{kind}")
async def blank(request: Request, desk: DeskHere, who: Writer, kind: str) -> HTMLResponse:
    opened = desk.editorial.blank(kind)
    flat = {**opened.flat, **{name: text for name, text in request.query_params.items() if name in opened.flat}}
    return await show_document(request, desk, who, opened, flat, 0)


@router.post("/new/{kind}")
async def create(request: Request, desk: DeskHere, who: WriterForm, kind: str) -> Response:
    return await _change(request, desk, who, desk.editorial.blank(kind))


@router.get("/complete/{kind}")
async def complete(desk: DeskHere, who: Writer, kind: str, q: str = "") -> list[dict[str, str]]:
    """The few documents of a kind that fit what is typed so far."""
    items = await to_thread.run_sync(desk.editorial.catalogue.find, Wanted(kind=desk.editorial.model(kind).kind, q=q))
    return [{"key": item.key, "title": item.title} for item in items[:COMPLETIONS]]


@router.get("/{kind}/{key}")
async def edit(request: Request, desk: DeskHere, who: Writer, kind: str, key: str, done: str = "", text: int = 0) -> HTMLResponse:
    """`text`: a revision whose words are put into the form, to be changed and saved."""
    opened = await to_thread.run_sync(desk.editorial.open, kind, key)
    older = await to_thread.run_sync(desk.knowledge.at, kind, key, text) if text else None
    flat = {**opened.flat, **flat_of(opened.model, older.body)} if older and older.body else opened.flat
    return await show_document(request, desk, who, opened, flat, opened.stored.revision, done=done)


@router.post("/{kind}/{key}")
async def save(request: Request, desk: DeskHere, who: WriterForm, kind: str, key: str) -> Response:
    """Do what the pressed button says."""
    return await _change(request, desk, who, await to_thread.run_sync(desk.editorial.open, kind, key))


async def _change(request: Request, desk: Desk, who: SignedIn, opened: Opened) -> Response:
    form = await posted_form(request)
    action, why, revision = one(form, "action") or "draft", one(form, "why"), number(form, "opened")
    flat = desk.editorial.typed(opened, form)
    if action.startswith("part:"):
        return await show_document(request, desk, who, opened, moved(opened.model, flat, action), revision, why=why)
    if action in ("publish", "return", "retire") and not who.user.may("editor"):
        raise Forbidden("Advisors propose a change with “Send for review”; an editor publishes it.")
    outcome = await to_thread.run_sync(_do, desk, who, opened, action, flat, revision, why, one(form, "override"))
    if outcome.merge:
        return await show_merge(request, desk, who, opened, outcome, why)
    if not outcome.done:
        return await show_document(
            request, desk, who, opened, outcome.flat, revision, 422, faults=outcome.faults, culprits=outcome.culprits, pressed=action, why=why
        )
    gone = outcome.done == "discard" and opened.stored.body is None
    return RedirectResponse("/desk/knowledge" if gone else f"/desk/knowledge/{opened.model.kind}/{outcome.key}?done={outcome.done}", 303)


def _do(desk: Desk, who: SignedIn, opened: Opened, action: str, flat: Flat, revision: int, why: str, override: str) -> Outcome:
    editorial, user = desk.editorial, who.user
    if action == "publish":
        return editorial.publish(user, opened, flat, revision, why, override)
    if action == "submit":
        return editorial.submit(user, opened, flat, revision, why)
    if action == "return":
        return editorial.give_back(user, opened, revision, why)
    if action == "retire":
        return editorial.retire(user, opened, revision, why, override)
    if action == "discard":
        return editorial.discard(user, opened, revision, why)
    return editorial.draft(user, opened, flat, revision)
