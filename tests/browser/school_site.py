"""Another web site on this machine: the example page with the chat of a desk, under a content security policy."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "widget" / "examples"


class SchoolSite:
    """Serves `page` at every address but those of style sheets. Its origin is another one than the desk's."""

    def __init__(self) -> None:
        self.page, self.policy = "", ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                css = self.path.endswith(".css")
                self.send_response(200)
                self.send_header("Content-Type", "text/css" if css else "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write((EXAMPLES / "embed.css").read_bytes() if css else site.page.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
