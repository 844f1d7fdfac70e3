"""Review of conversations after the fact: find, read, mark, and say what should have been answered."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from desk.conversations.intake import take_in_comment
from desk.conversations.model import Message
from desk.conversations.states import State
from desk.errors import Invalid
from desk.learning.inbox import Suggestion
from desk.learning.noticing import question_of
from desk.office_days import begin_of, span
from desk.pages.rendering import DeskHere, Writer, WriterForm, page
from desk.pages.wording import LANGUAGES, REASONS
from desk.review.model import VERDICTS, Verdict, Wanted
from desk.wiring import Desk

router = APIRouter(prefix="/desk/review", include_in_schema=False)
PAGE, DAYS, SAMPLE = 30, 30, 20


class Filters(BaseModel):
    """The filter form. Anything that cannot be read counts as not given."""

    since: str = ""
    until: str = ""
    state: str = ""
    language: str = ""
    topic: str = Field("", max_length=60)
    reason: str = ""
    low: bool = False
    loops: bool = False
    unhelpful: bool = False
    unmarked: bool = False
    sample: bool = False
    page_number: int = Field(1, ge=1, le=10_000)

    def wanted(self, today: dt.date, zone: ZoneInfo) -> Wanted:
        first, last = span(self.since, self.until, today, DAYS)
        ticks = {name: getattr(self, name) for name in ("low", "loops", "unhelpful", "unmarked")}
        return Wanted(
            begin_of(first, zone), begin_of(last + dt.timedelta(days=1), zone), self.state if self.state in set(State) else "",
            self.language if self.language in LANGUAGES else "", self.topic, self.reason if self.reason in REASONS else "",
            **ticks, sample=SAMPLE if self.sample else 0, day=today.isoformat(),
        )  # fmt: skip

    def query(self, **changes: Any) -> str:
        """As an address says it, without what is empty."""
        given = {**self.model_dump(exclude_defaults=True), **changes}
        return urlencode({name: str(value).lower() if value is True else value for name, value in given.items()})


class Marked(BaseModel):
    verdict: Verdict
    should_be: str = Field("", max_length=120)
    note: str = Field("", max_length=500)
    back: str = Field("", max_length=500)


@router.get("")
async def find(request: Request, desk: DeskHere, who: Writer, filters: Annotated[Filters, Query()]) -> HTMLResponse:
    zone, today = ZoneInfo(desk.settings.time_zone), desk.assistant.today()
    found, count = await to_thread.run_sync(desk.review.find, filters.wanted(today, zone), (filters.page_number - 1) * PAGE, PAGE)
    first, last = span(filters.since, filters.until, today, DAYS)
    topics = desk.assistant.runtime.snapshot().topics
    return page(
        request, "review.html", who, found=found, count=count, filters=filters, first=first, last=last, today=today, topics=topics, states=list(State), reasons=REASONS,
        languages=LANGUAGES, step=PAGE, sample=SAMPLE,
    )  # fmt: skip


@router.get("/{conversation_id}")
async def read(request: Request, desk: DeskHere, who: Writer, conversation_id: str, seq: int = 0, q: str = "", back: str = "") -> HTMLResponse:
    """The conversation; with `seq`, that answer's form is open and offers entries it should have been, or those found for `q`."""
    conversation = await to_thread.run_sync(desk.store.access_for_staff, conversation_id)
    messages = await to_thread.run_sync(lambda: desk.store.messages(conversation_id, limit=2000))
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "read", f"conversation {conversation_id}"))
    offered = await to_thread.run_sync(_offered, desk, messages, seq, q[:300]) if seq else []
    snapshot = desk.assistant.runtime.snapshot()
    return page(
        request, "review_conversation.html", who, conversation=conversation, messages=messages, open_seq=seq, offered=offered, q=q[:300], verdicts=VERDICTS,
        marks=await to_thread.run_sync(desk.review.marks, conversation_id), feedback={f["seq"]: f for f in await to_thread.run_sync(desk.store.feedback, conversation_id)},
        questions={e.id: e.question.en for e in snapshot.entries.values()}, back=_kept(back),
    )  # fmt: skip


@router.post("/{conversation_id}/{seq}")
async def mark(desk: DeskHere, who: WriterForm, conversation_id: str, seq: int, form: Annotated[Marked, Form()]) -> Response:
    """One press keeps the mark; what is not right goes into the inbox, with the entry that should have answered."""
    should_be = form.should_be if form.verdict != "right" else ""
    if should_be and should_be not in desk.assistant.runtime.snapshot().entries:
        raise Invalid(f"There is no entry named {should_be!r}.", back=f"/desk/review/{conversation_id}")
    note = take_in_comment(form.note)
    await to_thread.run_sync(lambda: desk.review.mark(conversation_id, seq, who.user.id, form.verdict, should_be or None, note))
    await to_thread.run_sync(desk.learning.learner.after_mark, conversation_id, seq, form.verdict, should_be or None)
    await to_thread.run_sync(lambda: desk.audit.note(who.user.email, "marked", f"conversation {conversation_id}", answer=seq, verdict=form.verdict))
    asks = form.verdict != "right" and not should_be
    query = urlencode({name: value for name, value in (("seq", seq if asks else 0), ("back", _kept(form.back))) if value})
    return RedirectResponse(f"/desk/review/{conversation_id}{'?' + query if query else ''}#m{seq}", 303)


def _offered(desk: Desk, messages: list[Message], seq: int, q: str) -> list[Suggestion]:
    question = question_of(messages, seq)
    text = q or (question.text if question else "")
    return desk.learning.inbox.nearest(text) if text else []


def _kept(back: str) -> str:
    """The filter the list was seen through, if it can be one."""
    return back if re.fullmatch(r"[\w=&%+.-]*", back) else ""
