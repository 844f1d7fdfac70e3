"""All knowledge to take away, one zip of content files or one table a kind; and tables to bring back from a spreadsheet."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from desk.editor.exchange import TABLES
from desk.editor.importing import Importing, Plan, Seen
from desk.editor.spreadsheet import MOST_BYTES
from desk.editor.together import Outcome, Together
from desk.editor.wanted import Table
from desk.errors import Invalid, NotFound
from desk.pages.rendering import DeskHere, Editor, EditorForm, page
from desk.staff.accounts import SignedIn
from desk.wiring import Desk
from knowledge import regression
from knowledge.archive import pack
from knowledge.schema import Entry

HERE = "/desk/exchange"
router = APIRouter(prefix=HERE, include_in_schema=False)
SHOWN = 100


class Agreed(BaseModel):
    """A plan somebody has seen and says yes to: its changed rows, and at which revision they were seen."""

    table: str = ""
    opened: str = ""
    name: str = Field("", max_length=200)
    why: str = Field("", max_length=300)
    override: str = Field("", max_length=300)


@router.get("")
async def overview(request: Request, desk: DeskHere, who: Editor, done: int = 0, stem: str = "", sent: bool = False) -> HTMLResponse:
    return await to_thread.run_sync(_overview, request, desk, who, done, stem, sent)


@router.get("/content.zip")
async def everything(desk: DeskHere, who: Editor) -> Response:
    """What is published, in the layout that `python -m knowledge load --content FOLDER` reads."""
    made = await to_thread.run_sync(lambda: pack(desk.assistant.runtime.snapshot(), regression.accepted(desk.knowledge)))
    return _file(made, "application/zip", f"waymark-knowledge-{desk.assistant.today()}.zip")


@router.get("/{stem}.csv")
async def one_table(desk: DeskHere, who: Editor, stem: str, topic: str = "") -> Response:
    """With a mark at its beginning by which Excel knows that it is UTF-8. `topic`: of answers and ways of asking, only this topic's."""
    table = _table(stem)
    documents = list(desk.assistant.runtime.snapshot().documents[table.model.kind].values())
    if topic and table.model is Entry:
        documents = [d for d in documents if isinstance(d, Entry) and d.topic == topic]
    return _file(
        table.text(documents).encode("utf-8-sig"), "text/csv; charset=utf-8", f"waymark-{stem}{topic and '-'}{topic}-{desk.assistant.today()}.csv"
    )


@router.post("/{stem}")
async def upload(request: Request, desk: DeskHere, who: EditorForm, stem: str, file: Annotated[UploadFile | None, File()] = None) -> HTMLResponse:
    """What the file would change; nothing is changed yet."""
    table = _table(stem)
    if file is None or not file.filename:
        raise Invalid("Choose the file first.", back=HERE)
    data = await file.read(MOST_BYTES + 1)
    plan = await to_thread.run_sync(_importing(desk).plan, who.user, table, data)
    return _preview(request, who, plan, Agreed(name=file.filename[:200]))


@router.get("/{stem}/waiting")
async def waiting(request: Request, desk: DeskHere, who: Editor, stem: str) -> HTMLResponse:
    """Every draft of this table that waits for a second person, to be published at once."""
    table, importing = _table(stem), _importing(desk)
    plan = await to_thread.run_sync(lambda: importing.plan(who.user, table, importing.waiting(table)))
    return _preview(request, who, plan, Agreed(name="What waits for review"))


@router.post("/{stem}/apply")
async def apply(request: Request, desk: DeskHere, who: EditorForm, stem: str, form: Annotated[Agreed, Form()]) -> Response:
    """Publish all of it in one transaction, or none."""
    table, importing = _table(stem), _importing(desk)
    plan = await to_thread.run_sync(importing.plan, who.user, table, form.table.encode(), Seen.read(form.opened))
    if plan.faults or not plan.lines:
        return _preview(request, who, plan, form)
    outcome = await to_thread.run_sync(importing.apply, who.user, plan, form.why or f"from the table {form.name or stem}", form.override)
    if not outcome.done:
        return _preview(request, who, plan, form, outcome)
    return RedirectResponse(f"{HERE}?done={outcome.done}&stem={stem}&sent={plan.alone}", 303)


def _overview(request: Request, desk: Desk, who: SignedIn, done: int, stem: str, sent: bool) -> HTMLResponse:
    snapshot = desk.assistant.runtime.snapshot()
    submitted = [one.kind for one in desk.knowledge.unfinished() if one.submitted_by]
    waits = {table.stem: submitted.count(table.model.kind) for table in TABLES.values() if not table.only_known}
    return page(
        request, "exchange.html", who, tables=TABLES, counts={table.stem: len(snapshot.documents[table.model.kind]) for table in TABLES.values()}, waits=waits,
        topics=snapshot.topics, done=done, stem=stem if stem in TABLES else "", sent=sent,
    )  # fmt: skip


def _preview(request: Request, who: SignedIn, plan: Plan, form: Agreed, refused: Outcome | None = None) -> HTMLResponse:
    status = 422 if plan.faults or refused else 200
    told = [(place, remark) for place, remarks in (refused.faults if refused else {}).items() for remark in remarks]
    return page(
        request, "import.html", who, status, plan=plan, form=form, lines=plan.lines[:SHOWN], stem=plan.table.stem, told=told,
        culprits=list(refused.culprits) if refused else [],
    )  # fmt: skip


def _table(stem: str) -> Table:
    if stem not in TABLES:
        raise NotFound(f"There is no table of this name; there are {', '.join(TABLES)}.")
    return TABLES[stem]


def _importing(desk: Desk) -> Importing:
    return Importing(desk.editorial, Together(desk.editorial, desk.audit))


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
