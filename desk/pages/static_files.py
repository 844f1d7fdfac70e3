"""Scripts and styles as browsers get them: small on the wire, never stale, the files in the house untouched.

A script loses its comments and blanks on the way out (`desk/pages/lean.py`), the chat comes with all its modules in one
(`desk/pages/bundle.py`), and everything that shrinks is compressed. Only these files: event streams never pass here.
"""

from __future__ import annotations

import gzip
import mimetypes
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import Scope

from desk.pages.bundle import bundle
from desk.pages.lean import lean_script

_COMPRESSED = frozenset({".js", ".css", ".html", ".svg", ".json", ".txt", ".md"})


@lru_cache(maxsize=128)
def _served(path: str, whole: bool, compressed: bool, version: str) -> bytes:
    """A file's bytes for the wire; `version` makes an edited file a new one."""
    if path.endswith(".js"):
        content = lean_script(bundle(Path(path)) if whole else Path(path).read_text(encoding="utf-8")).encode()
    else:
        content = Path(path).read_bytes()
    return gzip.compress(content, compresslevel=9, mtime=0) if compressed else content


class LeanFiles(StaticFiles):
    """Static files that are asked for anew each time and answered with 304 while they have not changed.

    `whole`: name of the script that comes as one with all it imports.
    """

    def __init__(self, *, directory: Path, whole: str = "") -> None:
        super().__init__(directory=directory)
        self._whole = whole

    def file_response(self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200) -> Response:
        path = Path(os.fspath(full_path))
        whole, asked = path.name == self._whole, Headers(scope=scope)
        compressed = path.suffix in _COMPRESSED and "gzip" in asked.get("accept-encoding", "")
        version = _version(path.parent.glob("*.js")) if whole else _version([path])
        headers = {
            "etag": f'"{version}{"-gz" if compressed else ""}"',
            "cache-control": "no-cache",
            "vary": "Accept-Encoding",
        }
        if self.is_not_modified(Headers(headers), asked):
            return NotModifiedResponse(Headers(headers))
        if compressed:
            headers["content-encoding"] = "gzip"
        content = _served(str(path), whole, compressed, version)
        return Response(content, status_code, headers, media_type=mimetypes.guess_type(path)[0] or "application/octet-stream")


def _version(files: Iterable[Path]) -> str:
    """Changes when one of the files does."""
    known = [(file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    return f"{max(changed for changed, _ in known):x}-{sum(size for _, size in known):x}"
