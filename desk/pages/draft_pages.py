"""While somebody writes: what speaks about the text, and any question asked of the draft. Fragments, fetched by the page."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk.editor.editorial import Opened
from desk.editor.forms import read
from desk.editor.trying import Tried
from desk.pages.document_view import look_at
from desk.pages.forms import Form, one, posted_form
from desk.pages.rendering import DeskHere, WriterForm, page
from desk.wiring import Desk

router = APIRouter(prefix="/desk/knowledge", include_in_schema=False)
LONGEST_QUESTION = 500


@router.post("/{kind}/{key}/look")
async def look(request: Request, desk: DeskHere, who: WriterForm, kind: str, key: str) -> HTMLResponse:
    form = await posted_form(request)
    opened = await to_thread.run_sync(_opened, desk, kind, key)
    seen = await to_thread.run_sync(look_at, desk, opened, desk.editorial.typed(opened, form))
    return page(request, "look.html", who, look=seen)


@router.post("/{kind}/{key}/try")
async def try_it(request: Request, desk: DeskHere, who: WriterForm, kind: str, key: str) -> HTMLResponse:
    """The question is asked of the words in the form, saved or not."""
    form = await posted_form(request)
    opened = await to_thread.run_sync(_opened, desk, kind, key)
    question = one(form, "try")[:LONGEST_QUESTION]
    if not question:
        return page(request, "tried.html", who, tried=None, said="Type a question a student might ask.", wrong=[])
    tried, wrong = await to_thread.run_sync(_asked, desk, opened, form, question)
    return page(request, "tried.html", who, tried=tried, said="", wrong=wrong)


def _opened(desk: Desk, kind: str, key: str) -> Opened:
    """`key` is “new” while the document has none yet."""
    return desk.editorial.blank(kind) if key == "new" else desk.editorial.open(kind, key)


def _asked(desk: Desk, opened: Opened, form: Form, question: str) -> tuple[Tried | None, list[tuple[str, str]]]:
    document, wrong = read(opened.model, desk.editorial.typed(opened, form))
    if document is None:
        return None, wrong
    return desk.editorial.trying.ask(question, document), []
