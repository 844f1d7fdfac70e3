"""The review inbox: what students asked and we missed, in groups; one action settles a group."""

from __future__ import annotations

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from desk.errors import DeskError, Forbidden, Invalid, NotFound
from desk.learning.changes import lines_of
from desk.learning.model import Decision, Group, NewDecision, Phrasings
from desk.learning.new_entries import Wish
from desk.learning.noticing import GRAVITY
from desk.pages.rendering import DeskHere, Writer, WriterForm, page
from desk.pages.wording import LANGUAGES
from desk.staff.accounts import SignedIn
from desk.wiring import Desk
from knowledge.checking import normal
from knowledge.memory import Memory
from knowledge.schema import Facet
from language.normalise import fold

router = APIRouter(prefix="/desk/misses", include_in_schema=False)
PAGE = 20


class Chosen(BaseModel):
    """What the reviewer chose on miss.html. Phrasings are one a line; `misses`: the questions that belong together."""

    action: Literal["search", "phrasing", "entry", "out_of_scope", "dismiss"]
    q: str = Field("", max_length=300)
    entry: str = Field("", max_length=120)
    refusal: str = Field("", max_length=120)
    phrasings_en: str = Field("", max_length=10_000)
    phrasings_es: str = Field("", max_length=10_000)
    note: str = Field("", max_length=500)
    topic: str = Field("", max_length=60)
    facet: str = Field("", max_length=30)
    word: str = Field("", max_length=40)
    question_en: str = Field("", max_length=300)
    question_es: str = Field("", max_length=300)
    misses: list[int] = Field(default_factory=list, max_length=2000)

    @property
    def lines(self) -> Phrasings:
        return {"en": lines_of(self.phrasings_en), "es": lines_of(self.phrasings_es)}

    def decision(self) -> NewDecision:
        key = self.entry if self.action == "phrasing" else self.refusal
        if not key:
            raise Invalid("Choose where these questions should lead.")
        return NewDecision("phrasing" if self.action == "phrasing" else "out_of_scope", key=key, phrasings=self.lines, note=self.note)


@router.get("")
async def inbox(
    request: Request, desk: DeskHere, who: Writer, why: str = "", language: Literal["", "en", "es"] = "", show: Literal["open", "proposed", "done"] = "open", page_number: int = 1, q: str = ""
) -> HTMLResponse:  # fmt: skip
    decisions = desk.learning.decisions.store
    proposed = await to_thread.run_sync(decisions.count, "proposed")
    groups: list[Group] = []
    settled: list[Decision] = []
    if show == "open":
        found = await to_thread.run_sync(desk.learning.inbox.groups, why if why in GRAVITY else "", language)
        groups = [group for group in found if any(_says(miss.text, q) for miss in group.misses)]
    else:
        states = ("proposed",) if show == "proposed" else ("live", "dismissed", "declined", "undone")
        settled = await to_thread.run_sync(lambda: decisions.listed(*states))
    first = (max(1, page_number) - 1) * PAGE
    shown = groups[first : first + PAGE]
    return page(
        request, "misses.html", who, groups=[(g, await to_thread.run_sync(desk.learning.inbox.suggestions, g)) for g in shown], count=len(groups), first=first, step=PAGE,
        page_number=max(1, page_number), decisions=settled, proposed=proposed, show=show, why=why, language=language, q=q, reasons=GRAVITY, languages=LANGUAGES,
        students=len({m.conversation_id for g in groups for m in g.misses}), now=desk.store.clock(), questions=await to_thread.run_sync(_questions, desk),
    )  # fmt: skip


def _says(text: str, words: str) -> bool:
    return all(word in fold(text) for word in fold(words).split())


@router.get("/{miss_id}")
async def group(request: Request, desk: DeskHere, who: Writer, miss_id: int, q: str = "") -> HTMLResponse:
    return await _show(request, desk, who, miss_id, q[:300])


@router.post("/{miss_id}")
async def decide(request: Request, desk: DeskHere, who: WriterForm, miss_id: int, form: Annotated[Chosen, Form()]) -> Response:
    """One press: an editor's goes live at once, an advisor's waits for an editor. A search keeps what was chosen and typed."""
    if form.action == "search":
        return await _show(request, desk, who, miss_id, form.q, form)
    try:
        made = await to_thread.run_sync(_decide, desk, who, _of_ticked(desk, miss_id, form))
    except (Invalid, NotFound, Forbidden) as error:
        return await _show(request, desk, who, miss_id, "", form, error)
    await desk.learning.telling.tell_all()
    return RedirectResponse(f"/desk/knowledge/entry/{made.key}" if made.action == "entry" else f"/desk/misses/decisions/{made.id}", 303)


@router.get("/decisions/{decision_id}")
async def decision(request: Request, desk: DeskHere, who: Writer, decision_id: int) -> HTMLResponse:
    made = await to_thread.run_sync(desk.learning.decisions.store.get, decision_id)
    misses = await to_thread.run_sync(desk.learning.misses.of_decision, decision_id)
    tried = await to_thread.run_sync(_try, desk, made) if made.state in ("live", "undone") else []
    questions = await to_thread.run_sync(_questions, desk)
    return page(
        request,
        "decision.html",
        who,
        decision=made,
        misses=misses,
        tried=tried,
        questions=questions,
        now=desk.store.clock(),
        held=await to_thread.run_sync(desk.editorial.trying.held),
    )


@router.post("/decisions/{decision_id}/{verb}")
async def settle(desk: DeskHere, who: WriterForm, decision_id: int, verb: Literal["publish", "decline", "undo"]) -> Response:
    act = {"publish": desk.learning.decisions.publish, "decline": desk.learning.decisions.decline, "undo": desk.learning.decisions.undo}[verb]
    try:
        await to_thread.run_sync(act, decision_id, who.user)
    except DeskError as error:
        error.facts.setdefault("back", f"/desk/misses/decisions/{decision_id}")
        raise
    await desk.learning.telling.tell_all()
    return RedirectResponse(f"/desk/misses/decisions/{decision_id}", 303)


def _of_ticked(desk: Desk, miss_id: int, form: Chosen) -> Chosen:
    """Without the lines of questions that were unticked: what is asked there does not lead here."""
    try:
        asked = desk.learning.inbox.group(miss_id).misses
    except NotFound:
        return form  # somebody was first, which settling it says
    ticked = {normal(miss.text) for miss in asked if miss.id in form.misses}
    left = {normal(miss.text) for miss in asked} - ticked
    kept = {language: "\n".join(line for line in lines if normal(line) not in left) for language, lines in form.lines.items()}
    return form.model_copy(update={f"phrasings_{language}": lines for language, lines in kept.items()})


def _decide(desk: Desk, who: SignedIn, form: Chosen) -> Decision:
    decisions = desk.learning.decisions
    if not form.misses:
        raise Invalid("No question is chosen.")
    if form.action == "dismiss":
        return decisions.dismiss(form.misses, who.user, form.note)
    if form.action == "entry":
        wish = Wish(form.topic, form.facet, form.word, form.question_en, form.question_es)
        return decisions.new_entries.begin(wish, form.lines, form.misses, who.user)
    alone = decisions.second_person or not who.user.may("editor")
    act = decisions.propose if alone else decisions.publish_at_once
    return act(form.decision(), form.misses, who.user)


async def _show(
    request: Request, desk: Desk, who: SignedIn, miss_id: int, q: str, form: Chosen | None = None, error: DeskError | None = None
) -> HTMLResponse:
    inbox = desk.learning.inbox
    found = await to_thread.run_sync(inbox.group, miss_id)
    phrasings = inbox.phrasings(found)
    everything, first, snapshot = [miss.id for miss in found.misses], found.title, desk.assistant.runtime.snapshot()
    near = snapshot.entries.get(first.suggested or first.nearest or "")
    typed = form or Chosen(
        action="phrasing", phrasings_en="\n".join(phrasings["en"]), phrasings_es="\n".join(phrasings["es"]), misses=everything,
        topic=near.topic if near else "", facet=near.facet.value if near else "", **{f"question_{first.language}": first.text[:300]},
    )  # fmt: skip
    return page(
        request, "miss.html", who, error.status if error else 200, group=found, form=typed, fault=error.message if error else "", q=q,
        suggestions=await to_thread.run_sync(inbox.suggestions, found), searched=await to_thread.run_sync(inbox.suggestions, found, q) if q else [],
        refusals=await to_thread.run_sync(inbox.refusals, found), publishes=who.user.may("editor") and not desk.learning.decisions.second_person, now=desk.store.clock(),
        topics=snapshot.topics, facets=list(Facet), held=await to_thread.run_sync(desk.editorial.trying.held),
    )  # fmt: skip


def _questions(desk: Desk) -> dict[str, str]:
    """What each entry and refusal is called on the page."""
    snapshot = desk.assistant.runtime.snapshot()
    return {e.id: e.question.en for e in snapshot.entries.values()} | {r.id: r.about for r in snapshot.refusals.values()}


def _try(desk: Desk, made: Decision) -> list[tuple[str, str, str]]:
    """(text, status, entry or refusal) of each phrasing asked again just now, by somebody new."""
    tried = []
    for language, lines in made.phrasings.items():
        for line in lines:
            reply = desk.assistant.ask(line, language, Memory()).replies[0]
            target = (reply.answer.entry_id if reply.answer else None) or reply.provenance.get("refusal") or ""
            tried.append((line, str(reply.answer.status) if reply.answer else "", str(target)))
    return tried
