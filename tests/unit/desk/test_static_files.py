"""What a browser receives of scripts and styles: small, whole, and never stale."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from desk.pages.static_files import LeanFiles

WIDGET = Path(__file__).resolve().parents[3] / "widget"
ON_THE_WIRE = 25_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.js").write_text("/** What it does. */\nexport function a() {\n  // why\n  return `\n    kept`;\n}\n", encoding="utf-8")
    (tmp_path / "a.css").write_text("p { margin: 0; }\n" * 40, encoding="utf-8")
    (tmp_path / "dot.png").write_bytes(b"\x89PNG")
    return tmp_path


def client(folder: Path, whole: str = "") -> httpx.AsyncClient:
    app = FastAPI()
    app.mount("/", LeanFiles(directory=folder, whole=whole))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk")


async def received(http: httpx.AsyncClient, path: str) -> bytes:
    """The bytes of the body as they travel, before anything unpacks them."""
    async with http.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as response:
        assert response.status_code == 200
        return b"".join([part async for part in response.aiter_raw()])


async def test_the_whole_widget_is_at_most_25_kilobytes_on_the_wire_in_one_script() -> None:
    async with client(WIDGET, whole="advising-chat.js") as http:
        arrived = await received(http, "/advising-chat.js")
    assert 15_000 < len(arrived) <= ON_THE_WIRE
    assert b"import{" not in gzip.decompress(arrived)


async def test_one_script_is_a_new_one_when_a_module_in_it_changes(folder: Path) -> None:
    (folder / "b.js").write_text('import { a } from "./a.js";\nexport const b = a();\n', encoding="utf-8")
    async with client(folder, whole="b.js") as http:
        first = await http.get("/b.js")
        assert first.text.endswith("const b=a();\n".replace("const", "export const"))
        assert "import" not in first.text
        (folder / "a.js").write_text("export function a() {\n  return 2;\n}\n", encoding="utf-8")
        changed = await http.get("/b.js", headers={"If-None-Match": first.headers["etag"]})
        assert (changed.status_code, "return 2" in changed.text) == (200, True)
        assert (await http.get("/a.js")).text.startswith("export function")


async def test_what_arrives_unpacks_to_the_script_without_its_comments(folder: Path) -> None:
    async with client(folder) as http:
        arrived = await received(http, "/a.js")
    assert gzip.decompress(arrived) == b"\nexport function a(){\n\nreturn `\nkept`;\n}\n"


async def test_a_browser_that_has_the_file_is_told_so_until_it_changes(folder: Path) -> None:
    async with client(folder) as http:
        first = await http.get("/a.css")
        assert first.headers["cache-control"] == "no-cache"
        again = await http.get("/a.css", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        (folder / "a.css").write_text("p { margin: 1px; }", encoding="utf-8")
        changed = await http.get("/a.css", headers={"If-None-Match": first.headers["etag"]})
        assert (changed.status_code, changed.text) == (200, "p { margin: 1px; }")


async def test_who_cannot_unpack_gets_the_file_plain(folder: Path) -> None:
    async with client(folder) as http:
        plain = await http.get("/a.css", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"
    assert plain.text.startswith("p { margin: 0; }")


async def test_pictures_are_not_compressed_again_and_what_is_not_there_is_not_found(folder: Path) -> None:
    async with client(folder) as http:
        picture, missing, outside = [await http.get(path) for path in ("/dot.png", "/none.js", "/../secret")]
    assert (picture.content, picture.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert "content-encoding" not in picture.headers
    assert (missing.status_code, outside.status_code) == (404, 404)
