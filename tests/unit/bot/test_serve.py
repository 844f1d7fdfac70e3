"""bot.serve: Rasa lets the desk start first."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.serve import let_the_desk_start_first


class Desk(BaseHTTPRequestHandler):
    said: list[dict[str, str]]

    def do_GET(self) -> None:
        body = json.dumps(self.said.pop(0)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Desk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_rasa_waits_until_the_desk_answers_from_knowledge(port: int) -> None:
    Desk.said = [{}, {"knowledge_version": "loading"}, {"knowledge_version": "1a2b"}, {"knowledge_version": "1a2b"}]
    let_the_desk_start_first(port)
    assert len(Desk.said) == 1


def test_rasa_starts_without_a_desk_after_a_while() -> None:
    begun = time.monotonic()
    let_the_desk_start_first(1, patience_s=0.2)
    assert 0.2 <= time.monotonic() - begun < 3
