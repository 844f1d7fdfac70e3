"""Requests that trickle, that are odd, or that look for a way out of the folder."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from desk import guard
from desk.app import create_app
from desk.wiring import Desk
from tests.integration.conftest import Browser


async def answered(desk: Desk, receive: Any, scope: dict[str, Any]) -> tuple[int, dict[bytes, bytes]]:
    start: dict[str, Any] = {}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.update(message)

    base = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "path": "/api/conversations", "raw_path": b"/api/conversations",
        "query_string": b"", "root_path": "", "headers": [(b"content-type", b"application/json")], "client": ("127.0.0.1", 1), "server": ("desk.test", 80),
    }  # fmt: skip
    await create_app(desk=desk)({**base, **scope}, receive, send)
    return start["status"], dict(start["headers"])


async def test_a_body_that_trickles_in_is_cut_off(desk_app: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "SLOWEST_S", 0.2)

    async def a_byte_now_and_then() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async with asyncio.timeout(5):
        status, _ = await answered(desk_app, a_byte_now_and_then, {})
    assert status == 408


async def test_over_https_browsers_are_told_to_stay_there(desk_app: Desk) -> None:
    async def empty() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    for scheme, told in (("https", True), ("http", False)):
        _, headers = await answered(desk_app, empty, {"scheme": scheme})
        assert (b"strict-transport-security" in headers) is told


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x80", b'{"language": "\xc3"}', b"\x00"])
async def test_a_body_that_is_no_utf8_is_refused_in_the_one_shape(desk_app: Desk, browser: Browser, content: bytes) -> None:
    answer = await browser(desk_app).post("/api/conversations", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


@pytest.mark.parametrize("folder", ["static", "widget"])
@pytest.mark.parametrize(
    "way",
    [
        "../settings.py",
        "..%2fsettings.py",
        "%2e%2e/settings.py",
        "....//settings.py",
        "..%5csettings.py",
        "/etc/passwd",
        "%00",
        "../../.env",
        "..%252f.env",
    ],
)
async def test_no_way_leads_out_of_a_folder_of_files(desk_app: Desk, browser: Browser, folder: str, way: str) -> None:
    answer = await browser(desk_app).get(f"/{folder}/{way}")
    assert answer.status_code == 404 and "BaseSettings" not in answer.text and "root:" not in answer.text


async def test_the_documentation_of_the_api_loads_nothing_from_another_site(desk_app: Desk, browser: Browser) -> None:
    page = await browser(desk_app).get("/docs")
    assert page.status_code == 200 and "<script" not in page.text and "https://" not in page.text
    assert "/api/conversations/{conversation_id}/messages" in page.text and "SendRequest" in page.text
    assert "content-security-policy" in page.headers
