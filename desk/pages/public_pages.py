"""What anybody may see: the student page, the privacy page, and the documentation of the API."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk.pages.rendering import DeskHere, page

router = APIRouter(include_in_schema=False)


def language_of(request: Request) -> str:
    """?language=es, else the browser's first language if it is one of ours."""
    wanted = request.query_params.get("language") or request.headers.get("accept-language", "en")
    return "es" if wanted.lower().startswith("es") else "en"


@router.get("/")
async def student(request: Request, desk: DeskHere) -> HTMLResponse:
    said = await to_thread.run_sync(desk.announcements.now)
    return page(request, "student.html", language=language_of(request), said=said)


@router.get("/docs")
async def api_documentation(request: Request) -> HTMLResponse:
    """The student API, from its own OpenAPI document: no viewer from another site."""
    return page(request, "api.html", api=request.app.openapi())


@router.get("/privacy")
async def privacy(request: Request, desk: DeskHere) -> HTMLResponse:
    """The days come from the settings by which the desk deletes, so the page cannot promise anything else."""
    return page(request, "privacy.html", language=language_of(request), kept=desk.retention.schedule)
