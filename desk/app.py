"""The desk as an ASGI application: ``create_app(settings)``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from desk import metrics
from desk.advising import wiring as advising
from desk.api import announcement, student
from desk.conversations.watch import Watch
from desk.errors import DeskError, NotFound
from desk.guard import Guard, error_response
from desk.pages import ROUTERS, sign_in_pages
from desk.pages.rendering import wants_page
from desk.pages.static_files import LeanFiles
from desk.settings import Settings
from desk.wiring import Desk, wire
from knowledge.errors import StoreUnavailable, UnknownDocument

TEND_S = 15.0
MISSES_AT_ONCE = 8
HERE = Path(__file__).parent
log = structlog.get_logger("desk")


def create_app(settings: Settings | None = None, desk: Desk | None = None, ready: Callable[[], object] = lambda: None) -> FastAPI:
    """`desk` replaces what `settings` would wire (tests). `ready` is called once, when the knowledge is there."""
    settings = settings or (desk.settings if desk else Settings())
    app = FastAPI(title="Waymark", version="1", lifespan=_lifespan, docs_url=None, redoc_url=None)
    app.state.desk, app.state.ready = desk or wire(settings), ready
    app.add_middleware(
        CORSMiddleware, allow_origins=settings.origins, allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"], max_age=600,
    )  # fmt: skip
    app.add_middleware(Guard)
    app.add_exception_handler(DeskError, _refused)
    app.add_exception_handler(StoreUnavailable, _store_down)
    app.add_exception_handler(UnknownDocument, _unknown_document)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
    for router in (student.router, announcement.router, *ROUTERS):
        app.include_router(router)
    app.mount("/static", LeanFiles(directory=HERE / "static"), name="static")
    app.mount("/widget", LeanFiles(directory=HERE.parent / "widget", whole="advising-chat.js"), name="widget")

    @app.get("/health", tags=["operations"])
    async def health() -> dict[str, object]:
        report: dict[str, object] = await app.state.desk.health.report()
        return report

    @app.get("/metrics", tags=["operations"], include_in_schema=False)
    def counted() -> Response:
        return Response(metrics.exposition(settings.prometheus_multiproc_dir), media_type=CONTENT_TYPE_LATEST)

    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    desk: Desk = app.state.desk
    # Turns, streams and pages share the worker threads; the default of 40 would queue a busy class of students.
    to_thread.current_default_thread_limiter().total_tokens = 80
    metrics.forget_the_dead(desk.settings.prometheus_multiproc_dir)
    background = [
        asyncio.create_task(work)
        for work in (desk.hub.run(), Watch(desk.store, desk.hub).run(), _keep(desk, app.state.ready), _tend(desk), _watch_over(desk))
    ]
    yield
    await to_thread.run_sync(desk.link_round.end)
    await desk.turns.drain()
    for task in background:
        task.cancel()


async def _keep(desk: Desk, ready: Callable[[], object]) -> None:
    """Warm up, then look now and then for turns that a crash left behind."""
    try:
        await to_thread.run_sync(desk.assistant.runtime.current)
        ready()
        log.info("knowledge_ready", version=desk.assistant.runtime.version)
    except Exception as error:  # said once; every question tries again, and messages left behind are still looked after
        log.error("knowledge_unavailable", cause=str(error))
    while True:
        try:
            await desk.turns.recover()
            await to_thread.run_sync(desk.learning.decisions.new_entries.settle)
            await desk.learning.telling.tell_all()
            await desk.retention.look()
            await to_thread.run_sync(desk.announcements.now)  # pages show what was read last
        except Exception as error:  # the database may be away for a while; the next round tries again
            log.warning("recovery_failed", cause=str(error)[:200])
        await asyncio.sleep(1)


async def _tend(desk: Desk) -> None:
    """Now and then: replies and the staff's weekly word that go by e-mail, and conversations that have been silent for long."""
    tending = advising.tending(desk.settings, desk.people.line, desk.service)
    while True:
        await asyncio.sleep(TEND_S)
        try:
            await desk.people.letters.deliver()
            await tending.go_round()
            await desk.digests.look()
            await to_thread.run_sync(desk.learning.learner.after_silence)
            await _read_misses(desk)
        except Exception as error:  # the database may be away for a while; the next round tries again
            log.warning("tending_failed", cause=str(error)[:200])


async def _read_misses(desk: Desk) -> None:
    """A few at a time while no student waits for an answer; the inbox reads the rest when somebody opens it."""
    read = 1
    while read and not desk.turns.busy:
        read = await to_thread.run_sync(desk.learning.learner.catch_up, MISSES_AT_ONCE)


async def _watch_over(desk: Desk) -> None:
    """Looks every second whether somebody is in danger while nobody is at the desk; apart from the rest, for a mail server may be slow."""
    while True:
        try:
            await desk.people.alarms.look()
        except Exception as error:  # the database may be away for a while; the next look tries again
            log.warning("alarms_failed", cause=str(error)[:200])
        await asyncio.sleep(1)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DeskError)
    if wants_page(request):
        response: Response = sign_in_pages.refused(request, error)
    else:
        response = error_response(
            error.status, error.code, error.message, **{k: v for k, v in error.facts.items() if isinstance(v, (str, int, float))}
        )
    if error.status == 429:
        response.headers["Retry-After"] = str(error.facts.get("retry_after", 60))
    return response


async def _store_down(request: Request, error: Exception) -> Response:
    log.error("database_unavailable", cause=str(error))
    return error_response(
        503, "unavailable", "The service cannot reach its database just now. Your message is kept on your device; please try again soon."
    )


async def _unknown_document(request: Request, error: Exception) -> Response:
    return await _refused(request, NotFound(str(error)))


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return error_response(422, "invalid", "The body is not valid JSON.", field="body")
    where = ".".join(str(part) for part in first["loc"][1:]) or "body"
    return error_response(422, "invalid", f"{where}: {first['msg']}", field=where)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and wants_page(request):
        return sign_in_pages.refused(request, NotFound("There is no page at this address."))
    if error.status_code == 400:  # the framework's word for a body it cannot read; ours is the same for every such body
        return error_response(422, "invalid", "The body cannot be read. Send JSON in UTF-8, or a form.", field="body")
    codes = {404: "not_found", 405: "method_not_allowed", 401: "not_signed_in", 403: "forbidden", 413: "too_large", 408: "too_slow"}
    return error_response(error.status_code, codes.get(error.status_code, "error"), str(error.detail))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.exception("unexpected", path=request.url.path, error=type(error).__name__)
    return error_response(500, "internal", "Something went wrong on our side. Please try again; if it stays, ask for a person.")
