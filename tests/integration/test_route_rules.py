"""Every route of the application × everybody who may knock: what is stated in route_rules.py is what happens."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from desk.app import create_app
from desk.pages.rendering import COOKIE
from desk.settings import Settings
from desk.staff.accounts import ROLES
from desk.wiring import Desk
from tests.integration.route_rules import BEFORE_OWN_PASSWORD, BEGIN, DOCUMENT, RULES, Door, NoRule, doors, matrix, may, rule_of, with_matrix

TABLE_OF_ROUTES: FastAPI = create_app(Settings(_env_file=None, database_url="sqlite://", encoder="hashing"))  # type: ignore[call-arg]
DOORS = sorted(set(doors(TABLE_OF_ROUTES)))
STAFF_DOORS = [door for door in DOORS if door.path.startswith("/desk") and rule_of(door.path) != "anyone"]
REFUSED = (401, 403)


async def knock(app: FastAPI, door: Door, path: str, headers: dict[str, str] | None = None, form: dict[str, str] | None = None) -> int:
    """The status of the answer; a stream that opens is left at once."""
    body = urlencode(form or {}).encode()
    sent = {
        "host": "desk.test",
        "content-length": str(len(body)),
        **({"content-type": "application/x-www-form-urlencoded"} if form else {}),
        **(headers or {}),
    }
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": door.method, "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": b"", "root_path": "", "headers": [(k.encode(), v.encode()) for k, v in sent.items()], "client": ("127.0.0.1", 1), "server": ("desk.test", 80),
    }  # fmt: skip
    status: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": body, "more_body": False}
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start" and not status.done():
            status.set_result(message["status"])

    running = asyncio.create_task(app(scope, receive, send))
    try:
        await asyncio.wait({running, asyncio.ensure_future(asyncio.shield(status))}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
        return status.result()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def filled(door: Door, **names: str) -> str:
    """The path with something in each of its places; 0 where nothing of that name is there."""
    return re.sub(r"\{([^}:]+)[^}]*\}", lambda found: names.get(found[1], "0"), door.path)


def signed_in(desk: Desk, email: str) -> tuple[dict[str, str], dict[str, str]]:
    """A new session of an account: its cookie header, and the form field that proves it."""
    user = desk.accounts.of_email(email)
    assert user is not None
    cookie, who = desk.accounts.begin(user)
    return {"cookie": f"{COOKIE}={cookie}"}, {"csrf": who.csrf}


async def test_each_route_opens_for_whom_the_rules_name_and_for_nobody_else(desk_app: Desk) -> None:
    app, wrong = create_app(desk=desk_app), {}
    for door in DOORS:
        mine, token, _ = desk_app.store.open("en", [])
        _, other_token, _ = desk_app.store.open("en", [])
        path = filled(door, conversation_id=mine.id, file="staff.css" if "static" in door.path else "advising-chat.js")
        answers = {"nobody": await knock(app, door, path), "stranger": await knock(app, door, path, {"authorization": f"Bearer {other_token}"})}
        for role in ROLES:
            cookie, csrf = signed_in(desk_app, f"{role}@example.org")
            answers[role] = await knock(app, door, path, cookie, csrf if door.method != "GET" else None)
        answers["token"] = await knock(app, door, path, {"authorization": f"Bearer {token}"})
        opened = {visitor for visitor, status in answers.items() if status not in REFUSED}
        stated = {visitor for visitor in answers if may("nobody" if visitor == "stranger" else visitor, door.path)}
        if opened != stated or max(answers.values()) >= 500:
            wrong[f"{door.method} {door.path}"] = answers
    assert wrong == {}, "these routes do not open for whom RULES in tests/integration/route_rules.py names"
    await desk_app.turns.drain()


async def test_nothing_opens_with_a_password_somebody_else_made_but_the_way_to_change_it(desk_app: Desk) -> None:
    app, opened = create_app(desk=desk_app), set()
    desk_app.accounts.create("new@example.org", "New", "admin", "four quiet words here", temporary=True)
    for door in STAFF_DOORS:
        cookie, csrf = signed_in(desk_app, "new@example.org")
        if await knock(app, door, filled(door), cookie, csrf if door.method != "GET" else None) != 403:
            opened.add(door.path)
    assert opened == BEFORE_OWN_PASSWORD


async def test_a_form_without_the_sessions_own_csrf_token_is_refused(desk_app: Desk) -> None:
    app, taken = create_app(desk=desk_app), []
    cookie, _ = signed_in(desk_app, "admin@example.org")
    _, of_another = signed_in(desk_app, "admin@example.org")
    for door in STAFF_DOORS:
        if door.method != "GET":
            taken += [
                (door, form)
                for form in (None, {"csrf": ""}, {"csrf": "guess"}, of_another)
                if await knock(app, door, filled(door), cookie, form) != 403
            ]
    assert taken == []


async def test_who_is_not_signed_in_is_led_to_the_sign_in_and_a_script_is_told(desk_app: Desk) -> None:
    app = create_app(desk=desk_app)
    for door in STAFF_DOORS:
        answers = (await knock(app, door, filled(door), {"accept": "text/html"}), await knock(app, door, filled(door)))
        assert answers == (303 if door.method == "GET" else 401, 401), door


def test_no_rule_speaks_of_a_route_that_is_gone() -> None:
    paths = {door.path for door in DOORS}
    assert [known for known in RULES if not any(p == known or (known.endswith("*") and p.startswith(known[:-1])) for p in paths)] == []


def test_a_route_without_a_rule_fails_and_tells_what_to_write_where() -> None:
    with pytest.raises(NoRule, match=r"Add a line to RULES in tests/integration/route_rules.py"):
        rule_of("/desk/brand-new")


def test_the_document_shows_the_matrix_as_it_is() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert BEGIN in text
    assert text == with_matrix(text, matrix(TABLE_OF_ROUTES)), "Run: python -m tests.integration.route_rules"
