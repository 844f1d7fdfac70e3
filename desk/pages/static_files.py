"""Scripts and styles as browsers get them: small on the wire, never stale, the files in the house untouched.

A script loses its comments and blanks on the way out (`desk/pages/lean.py`; lines stay where they are, so an error message
still names the right one), and everything that shrinks is compressed. Only these files: event streams never pass here.
"""

from __future__ import annotations

import gzip
import mimetypes
import os
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

from desk.pages.lean import lean_script

_COMPRESSED = frozenset({".js", ".css", ".html", ".svg", ".json", ".txt", ".md"})


@lru_cache(maxsize=128)
def _served(path: str, changed_ns: int, compressed: bool) -> bytes:
    """A file's bytes for the wire; `changed_ns` makes an edited file a new one."""
    content = Path(path).read_bytes()
    if path.endswith(".js"):
        content = lean_script(content.decode()).encode()
    return gzip.compress(content, compresslevel=9, mtime=0) if compressed else content


class LeanFiles(StaticFiles):
    """Static files that are asked for anew each time and answered with 304 while they have not changed."""

    def file_response(self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200) -> Response:
        path = os.fspath(full_path)
        suffix, asked = Path(path).suffix, Headers(scope=scope)
        compressed = suffix in _COMPRESSED and "gzip" in asked.get("accept-encoding", "")
        headers = {
            "etag": f'"{stat_result.st_mtime_ns:x}-{stat_result.st_size:x}{"-gz" if compressed else ""}"',
            "cache-control": "no-cache",
            "vary": "Accept-Encoding",
        }
        if self.is_not_modified(Headers(headers), asked):
            return NotModifiedResponse(Headers(headers))
        if compressed:
            headers["content-encoding"] = "gzip"
        content = _served(path, stat_result.st_mtime_ns, compressed)
        return Response(content, status_code, headers, media_type=mimetypes.guess_type(path)[0] or "application/octet-stream")
