"""The regression set: questions that must go on being answered as they are. Find, ask them all now, add, take away."""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from desk.errors import Invalid
from desk.pages.rendering import DeskHere, EditorForm, Writer, WriterForm, page
from desk.staff.accounts import SignedIn
from desk.wiring import Desk
from knowledge import regression
from knowledge.regression import Accepted
from knowledge.schema import Checklist, Entry, Refusal
from language.normalise import fold

HERE = "/desk/regression"
router = APIRouter(prefix=HERE, include_in_schema=False)
SHOWN = 200


class Wanted(BaseModel):
    """What is looked for; empty means all. `by`: pairs that shipped, or those of staff."""

    q: str = ""
    language: Literal["", "en", "es"] = ""
    by: Literal["", "shipped", "staff"] = ""


class Pair(BaseModel):
    question: str = Field("", max_length=300)
    language: str = ""
    target: str = Field("", max_length=130)
    why: str = Field("", max_length=300)


@router.get("")
async def show(request: Request, desk: DeskHere, who: Writer, wanted: Annotated[Wanted, Query()], done: str = "", now: str = "") -> HTMLResponse:
    """`now`: what a question just added gets at present."""
    return await to_thread.run_sync(lambda: _page(request, desk, who, wanted, done=done, now=now))


@router.post("/run")
async def run(request: Request, desk: DeskHere, who: WriterForm) -> HTMLResponse:
    """Ask every question of what is published; nothing is changed."""
    begun = time.monotonic()
    found = await to_thread.run_sync(lambda: desk.editorial.trying.accepted(regression.accepted(desk.knowledge)))
    wrong = [(pair, outcome) for pair, outcome in found if outcome != pair.target]
    seconds = time.monotonic() - begun
    return await to_thread.run_sync(lambda: _page(request, desk, who, Wanted(), wrong=wrong, asked=len(found), seconds=seconds))


@router.post("/add")
async def add(desk: DeskHere, who: EditorForm, form: Annotated[Pair, Form()]) -> RedirectResponse:
    target = form.target.strip()
    if target not in _titles(desk):
        raise Invalid("Choose where the question must lead: an entry’s name, or refusal: or checklist: with a name.", back=HERE)
    try:
        await to_thread.run_sync(regression.add, desk.knowledge, form.question, form.language, target, who.user.email)
    except ValueError as error:
        raise Invalid(str(error), back=HERE) from None
    desk.audit.note(who.user.email, "added_to_regression", target, question=form.question, language=form.language, why=form.why)
    pair = Accepted(form.question, "es" if form.language == "es" else "en", target)
    ((_, outcome),) = await to_thread.run_sync(desk.editorial.trying.accepted, [pair])
    return RedirectResponse(f"{HERE}?done={'added' if outcome == target else 'added_wrong'}&now={outcome}", 303)


@router.post("/remove")
async def remove(desk: DeskHere, who: EditorForm, form: Annotated[Pair, Form()]) -> RedirectResponse:
    """The question is held to no answer any more; adding it again holds it again."""
    try:
        await to_thread.run_sync(regression.take_back, desk.knowledge, form.question, form.language, who.user.email)
    except ValueError as error:
        raise Invalid(str(error), back=HERE) from None
    desk.audit.note(who.user.email, "removed_from_regression", form.target, question=form.question, language=form.language)
    return RedirectResponse(f"{HERE}?done=removed", 303)


def _page(request: Request, desk: Desk, who: SignedIn, wanted: Wanted, **more: Any) -> HTMLResponse:
    titles = _titles(desk)
    pairs = regression.accepted(desk.knowledge)
    found = [pair for pair in pairs if _fits(pair, titles, wanted)]
    return page(
        request, "regression.html", who, pairs=found[:SHOWN], count=len(found), held=len(pairs), titles=titles, wanted=wanted, **more,
    )  # fmt: skip


def _fits(pair: Accepted, titles: dict[str, str], wanted: Wanted) -> bool:
    if wanted.language not in ("", pair.language) or wanted.by not in ("", "staff" if pair.author else "shipped"):
        return False
    words = fold(f"{pair.question} {pair.target} {titles.get(pair.target, '')} {pair.author}")
    return all(word in words for word in fold(wanted.q).split())


def _titles(desk: Desk) -> dict[str, str]:
    """Everything a question may lead to, by target, as people know it."""
    snapshot = desk.assistant.runtime.snapshot()
    entries = {e.id: e.question.en for e in snapshot.all(Entry).values()}
    refusals = {f"refusal:{r.id}": f"Not ours: {r.about}" for r in snapshot.all(Refusal).values()}
    return entries | refusals | {f"checklist:{c.id}": f"Checklist: {c.title.en}" for c in snapshot.all(Checklist).values()}
