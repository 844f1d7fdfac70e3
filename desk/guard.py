"""What every request passes: body size on the way in, security headers on the way out. Plain ASGI, so streams stay streams."""

from __future__ import annotations

import asyncio

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 256 * 1024
MAX_TABLE = 8 * 1024 * 1024
"""Where staff upload tables; desk/editor/spreadsheet.py says how large the file in it may be."""
TABLES_AT = "/desk/exchange/"
SLOWEST_S = 20.0
"""A request must be whole by then; a phone on a bad line needs a second or two for the longest message."""
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def error_response(status: int, code: str, message: str, **details: object) -> JSONResponse:
    """The one shape of every refusal."""
    body: dict[str, object] = {"code": code, "message": message}
    if details:
        body["details"] = details
    return JSONResponse({"error": body}, status_code=status)


class Guard:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MAX_TABLE if scope["path"].startswith(TABLES_AT) else MAX_BODY
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdigit() or int(length) > most:
            refused = error_response(413, "too_large", f"The request is larger than {most // 1024} kB.")
            await refused(scope, receive, send)
            return
        path, taken, whole = scope["path"], 0, False
        until = asyncio.get_running_loop().time() + SLOWEST_S

        async def counted() -> Message:
            """A body that does not tell its length is cut off at the limit, and one that trickles in, at the time."""
            nonlocal taken, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, f"The request took longer than {SLOWEST_S:.0f} seconds to arrive.") from None
            taken += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if taken > most:
                raise HTTPException(413, f"The request is larger than {most // 1024} kB.")
            return message

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", POLICY)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
                if path.startswith("/widget/"):
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                    headers["Access-Control-Allow-Origin"] = "*"
                    headers["Cache-Control"] = "no-cache"
                elif not path.startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, counted, dressed)
