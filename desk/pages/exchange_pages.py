"""All knowledge to take away: one zip of content files, or one table a kind."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Response

from desk.errors import NotFound
from desk.pages.rendering import DeskHere, Editor
from knowledge.archive import pack, table
from knowledge.pathways_schema import TABLES

router = APIRouter(prefix="/desk/exchange", include_in_schema=False)


@router.get("/content.zip")
async def everything(desk: DeskHere, who: Editor) -> Response:
    """What is published, in the layout that `python -m knowledge load --content FOLDER` reads."""
    made = await to_thread.run_sync(pack, desk.assistant.runtime.snapshot())
    return _file(made, "application/zip", f"waymark-knowledge-{desk.assistant.today()}.zip")


@router.get("/{stem}.csv")
async def one_table(desk: DeskHere, who: Editor, stem: str) -> Response:
    if stem not in TABLES:
        raise NotFound(f"There is no table of this name; there are {', '.join(TABLES)}.")
    kind = TABLES[stem]
    made = table(kind, desk.assistant.runtime.snapshot().documents[kind.kind].values())
    return _file(made.encode(), "text/csv; charset=utf-8", f"waymark-{stem}-{desk.assistant.today()}.csv")


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
