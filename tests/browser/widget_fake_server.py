"""A small stand-in for the student API: in memory, outlives its own restarts, and fails on demand.

It lets the widget be tried without the desk. `python -m tests.browser.widget_fake_server 8123` serves it for a look.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import secrets
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import (
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader

from desk.advising.address import meant

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "contracts" / "widget_examples"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
KEYWORDS = {
    "running start": "answered",
    "becas": "answered_es",
    "deadline": "clarify",
    "electrician": "pathway",
    "compare": "comparison",
    "checklist": "checklist",
    "hopeless": "crisis",
    "moon": "not_covered",
}
GREETING = {
    "en": "Hello! I am the practice assistant. What would you like to know?",
    "es": "¡Hola! Soy el asistente de práctica. ¿Qué te gustaría saber?",
}


def example(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


class FakeDesk:
    """Conversations, and knobs: `lose_answers` sends are stored but answered 503; `refuse_streams`; `delay` seconds; `wait` of who asks for a person."""

    def __init__(self) -> None:
        self.conversations: dict[str, dict[str, Any]] = {}
        self.feedback: list[dict[str, Any]] = []
        self.lose_answers = 0
        self.refuse_streams = False
        self.delay = 0.0
        self.wait: dict[str, Any] = {"position": 2, "minutes": 5, "open": True, "opens_at": None, "on_duty": 1, "by_email": False, "contact": None}
        self.typed = 0
        self.on_hold = ""

    def open(self, language: str) -> dict[str, Any]:
        conversation: dict[str, Any] = {
            "id": secrets.token_urlsafe(9),
            "token": secrets.token_urlsafe(9),
            "language": language,
            "state": "with_bot",
            "messages": [],
            "events": [],
        }
        self.conversations[conversation["id"]] = conversation
        self.add(conversation, sender="bot", text=GREETING[language], answer=None)
        return conversation

    @staticmethod
    def add(conversation: dict[str, Any], **message: Any) -> dict[str, Any]:
        now = dt.datetime.now(dt.UTC).isoformat()
        base = {"client_id": None, "language": conversation["language"], "choices": [], "answer": None, "author": None}
        stored = base | message | {"seq": len(conversation["messages"]) + 1, "created_at": now}
        conversation["messages"].append(stored)
        return stored

    def tell(self, conversation: dict[str, Any], name: str, **data: Any) -> None:
        if name == "state":
            conversation["state"] = data["state"]
        conversation["events"].append((name, data))

    def receive(self, conversation: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Stores a send once for each client id and answers it."""
        known = next((m for m in conversation["messages"] if m["client_id"] == body["client_id"]), None)
        if known:
            return known
        text = body.get("text") or self._label(conversation, body["choice_id"])
        message = self.add(conversation, sender="student", text=text, client_id=body["client_id"])
        if conversation["state"] != "with_advisor":
            self.tell(conversation, "typing", sender="bot")
            self._reply(conversation, text)
        return message

    def _label(self, conversation: dict[str, Any], choice_id: str) -> str:
        if choice_id.startswith("language:"):
            conversation["language"] = choice_id[-2:]
            return {"en": "English", "es": "Español"}[choice_id[-2:]]
        steps = [step for message in conversation["messages"] for step in (message["answer"] or {}).get("steps", [])]
        offered = [choice for message in conversation["messages"] for choice in message["choices"]] + [
            step[kind] for step in steps for kind in ("choice", "tick") if step[kind]
        ]
        return next(str(choice["label"]) for choice in offered if choice["id"] == choice_id)

    def _reply(self, conversation: dict[str, Any], text: str) -> None:
        name = next((name for word, name in KEYWORDS.items() if word in text.lower()), None)
        if name:
            reply = example(name)
            self.add(conversation, **{key: reply[key] for key in ("sender", "text", "language", "choices", "answer")})
        else:
            self.add(conversation, sender="bot", text={"en": f"You said: {text}", "es": f"Dijiste: {text}"}[conversation["language"]])

    @property
    def latest(self) -> dict[str, Any]:
        return list(self.conversations.values())[-1]


def refused(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def frame(name: str, data: Any, seq: int | None = None) -> str:
    return (f"id: {seq}\r\n" if seq else "") + f"event: {name}\r\ndata: {json.dumps(data)}\r\n\r\n"


async def events(conversation: dict[str, Any], after: int) -> AsyncIterator[str]:
    told = len(conversation["events"])
    yield frame("state", {"state": conversation["state"], "wait": None})
    while True:
        for name, data in conversation["events"][told:]:
            yield frame(name, data)
        told = len(conversation["events"])
        for message in conversation["messages"][after:]:
            yield frame("message", message, message["seq"])
        after = max(after, len(conversation["messages"]))
        await asyncio.sleep(0.05)


def create_fake(desk: FakeDesk) -> FastAPI:
    app = FastAPI()
    add_pages(app)
    add_api(app, desk)
    app.mount("/widget", StaticFiles(directory=ROOT / "widget"))
    app.mount("/static", StaticFiles(directory=ROOT / "desk" / "static"))
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
    return app


def add_pages(app: FastAPI) -> None:
    templates = Environment(loader=FileSystemLoader(ROOT / "desk" / "templates"), autoescape=True)

    @app.get("/")
    async def student(language: str = "en") -> HTMLResponse:
        return HTMLResponse(templates.get_template("student.html").render(language=language), headers={"Content-Security-Policy": POLICY})

    @app.get("/embed")
    async def embed() -> HTMLResponse:
        page = (ROOT / "widget" / "examples" / "embed.html").read_text(encoding="utf-8").replace("embed.css", "/widget/examples/embed.css")
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})

    @app.get("/school")
    async def school(request: Request) -> HTMLResponse:
        """The same page as of another site: ask for it on `localhost`, the desk is 127.0.0.1."""
        page = (ROOT / "widget" / "examples" / "embed.html").read_text(encoding="utf-8")
        return HTMLResponse(page.replace('src="/widget', f'src="http://127.0.0.1:{request.url.port}/widget'))

    @app.get("/favicon.ico")
    async def favicon() -> Response:
        return Response(status_code=204)


def add_api(app: FastAPI, desk: FakeDesk) -> None:
    def opened(id: str, request: Request) -> dict[str, Any] | None:
        conversation = desk.conversations.get(id)
        return conversation if conversation and request.headers.get("Authorization") == f"Bearer {conversation['token']}" else None

    def standing(conversation: dict[str, Any]) -> dict[str, Any]:
        return {"state": conversation["state"], "wait": desk.wait if conversation["state"] == "waiting" else None}

    gone = refused(404, "not_found", "There is no such conversation.")

    @app.post("/api/conversations", status_code=201)
    async def start(request: Request) -> dict[str, Any]:
        conversation = desk.open((await request.json()).get("language", "en"))
        return {"conversation_id": conversation["id"], "token": conversation["token"], "messages": conversation["messages"]}

    @app.post("/api/conversations/{id}/messages")
    async def send(id: str, request: Request) -> Response:
        conversation, body = opened(id, request), await request.json()
        if not conversation:
            return gone
        if len(body.get("text", "")) > 2000:
            return refused(413, "too_large", "This message has too many characters.")
        await asyncio.sleep(desk.delay)
        message = desk.receive(conversation, body)
        if desk.lose_answers:
            desk.lose_answers -= 1
            return refused(503, "restarting", "Not now.")
        return JSONResponse({"message": message}, status_code=202)

    @app.get("/api/conversations/{id}/messages")
    async def messages(id: str, request: Request, after: int = 0) -> Response:
        conversation = opened(id, request)
        return JSONResponse({**standing(conversation), "messages": conversation["messages"][after:]}) if conversation else gone

    @app.get("/api/conversations/{id}/events")
    async def stream(id: str, request: Request) -> Response:
        conversation = opened(id, request)
        if not conversation or desk.refuse_streams:
            return gone if not conversation else refused(502, "proxy", "No streams here.")
        after = int(request.headers.get("Last-Event-ID", 0))
        return StreamingResponse(events(conversation, after), media_type="text/event-stream")

    @app.post("/api/conversations/{id}/feedback")
    async def feedback(id: str, request: Request) -> Response:
        if not opened(id, request):
            return gone
        desk.feedback.append(await request.json())
        return Response(status_code=204)

    @app.post("/api/conversations/{id}/handoff")
    async def handoff(id: str, request: Request) -> Response:
        conversation = opened(id, request)
        if not conversation:
            return gone
        desk.tell(conversation, "state", state="waiting", wait=desk.wait)
        return JSONResponse({"state": "waiting", "wait": desk.wait}, status_code=202)

    @app.put("/api/conversations/{id}/contact")
    async def keep_contact(id: str, request: Request) -> Response:
        email = (await request.json())["email"]
        if not opened(id, request) or email.endswith(".invalid"):
            return refused(422, "invalid", "This is not an e-mail address.")
        desk.wait["contact"] = email[0] + "•••@" + email.partition("@")[2]
        return JSONResponse({"contact": desk.wait["contact"], "meant": meant(email)})

    @app.delete("/api/conversations/{id}/contact")
    async def forget_contact(id: str, request: Request) -> Response:
        desk.wait["contact"] = None
        return Response(status_code=204)

    @app.post("/api/conversations/{id}/typing")
    async def typing(id: str, request: Request) -> Response:
        desk.typed += 1
        return Response(status_code=204)

    @app.delete("/api/conversations/{id}/handoff")
    async def stop_waiting(id: str, request: Request) -> Response:
        conversation = opened(id, request)
        if not conversation:
            return gone
        desk.tell(conversation, "state", state="with_bot")
        return Response(status_code=204)

    @app.get("/api/conversations/{id}/export")
    async def export(id: str, request: Request) -> Response:
        conversation = opened(id, request)
        return JSONResponse({"messages": conversation["messages"]}) if conversation else gone

    @app.delete("/api/conversations/{id}")
    async def delete(id: str, request: Request) -> Response:
        if not opened(id, request):
            return gone
        if desk.on_hold:
            return JSONResponse({"error": {"code": "on_hold", "message": desk.on_hold}}, 409)
        del desk.conversations[id]
        return Response(status_code=204)


class FakeServer:
    """The fake desk on a real port, to be stopped and started under the widget's feet."""

    def __init__(self, port: int = 0) -> None:
        self.desk = FakeDesk()
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        config = uvicorn.Config(
            create_fake(self.desk), host="127.0.0.1", port=self.port, log_level="critical", lifespan="off", timeout_graceful_shutdown=0
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    def stop(self) -> None:
        if self._server and self._thread:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(timeout=10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running() -> Iterator[FakeServer]:
    server = FakeServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


if __name__ == "__main__":
    here = FakeServer(int(sys.argv[1]) if len(sys.argv) > 1 else 8123)
    here.start()
    print(here.url)
    threading.Event().wait()
