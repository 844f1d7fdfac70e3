"""Signing in, staying signed in, and signing out. Who may use which route: test_route_rules.py."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import Request

from desk.conversations.events import StateChanged
from desk.errors import TooMany
from desk.pages import queue_pages
from desk.pages.rendering import COOKIE
from desk.staff.passwords import Passwords
from desk.wiring import Desk
from tests.integration.conftest import PASSWORD, Browser, Prepared, SignIn, Wire
from tests.integration.fakes import ScriptedBot, SetClock
from tests.integration.people import Staff

# -- signing in ------------------------------------------------------------------------------------------------------


async def test_signing_in_gives_a_cookie_scripts_and_other_sites_cannot_use(desk_app: Desk, browser: Browser) -> None:
    answer = await browser(desk_app).post("/desk/sign-in", data={"email": " ADVISOR@example.org ", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/desk")) and "Secure" not in cookie


async def test_in_production_the_cookie_travels_only_over_https(wired: Wire, browser: Browser) -> None:
    secrets = {"environment": "production", "secret_key": "s" * 32, "rasa_token": "t" * 32}
    answer = await browser(wired(ScriptedBot(), **secrets)).post("/desk/sign-in", data={"email": "advisor@example.org", "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"]


async def test_a_wrong_password_and_an_unknown_address_get_the_same_words(desk_app: Desk, browser: Browser) -> None:
    http = browser(desk_app)
    wrong = await http.post("/desk/sign-in", data={"email": "advisor@example.org", "password": "wrong"})
    unknown = await http.post("/desk/sign-in", data={"email": "advisor@example.com", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("example.org", "example.com") == unknown.text and "E-mail or password is wrong." in wrong.text
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize(
    "next_page",
    [
        "https://evil.example.org/",
        "//evil.example.org",
        "/\\evil.example.org",
        "/desk//evil.example.org",
        "javascript:alert(1)",
        "/desk\\..\\x",
        "/elsewhere",
        "desk/queue",
        "",
    ],
)
async def test_signing_in_never_leads_to_another_site(desk_app: Desk, browser: Browser, next_page: str) -> None:
    http = browser(desk_app)
    form = await http.get("/desk/sign-in", params={"next": next_page})
    assert "evil" not in form.text and "javascript:" not in form.text
    answer = await http.post("/desk/sign-in", data={"email": "advisor@example.org", "password": PASSWORD, "next": next_page})
    assert answer.headers["location"] in ("/desk", "/desk/queue")


async def test_signing_in_leads_back_to_the_page_that_was_asked_for(desk_app: Desk, browser: Browser) -> None:
    person = await Staff(browser(desk_app)).signs_in("editor@example.org", PASSWORD, "/desk/knowledge")
    assert (await person.opens("/desk/knowledge")).status_code == 200


async def test_too_many_tries_for_one_account_are_stopped_and_others_may_still_sign_in(desk_app: Desk, browser: Browser) -> None:
    desk_app.accounts._passwords = NeverFits()  # real hashing makes eleven tries slow and adds nothing here
    http = browser(desk_app)
    tries = [await http.post("/desk/sign-in", data={"email": "advisor@example.org", "password": "guess"}) for _ in range(11)]
    assert [t.status_code for t in tries] == [401] * 10 + [429]
    assert int(tries[-1].headers["retry-after"]) >= 1
    as_page = await http.post("/desk/sign-in", data={"email": "advisor@example.org", "password": "guess"}, headers={"Accept": "text/html"})
    assert as_page.status_code == 429 and "retry-after" in as_page.headers
    assert (await http.post("/desk/sign-in", data={"email": "editor@example.org", "password": "guess"})).status_code == 401


class NeverFits(Passwords):
    """Agrees with nothing, at once."""

    def fits(self, known: str | None, password: str) -> bool:
        return False


async def test_one_address_cannot_try_a_long_list_of_accounts(desk_app: Desk, browser: Browser) -> None:
    desk_app.accounts._passwords = NeverFits()
    http = browser(desk_app)
    tries = [await http.post("/desk/sign-in", data={"email": f"somebody{n}@example.org", "password": "guess"}) for n in range(51)]
    assert [t.status_code for t in tries] == [401] * 50 + [429]


async def test_one_account_cannot_be_tried_from_many_addresses_for_ever(desk_app: Desk, clock: SetClock) -> None:
    for n in range(40):
        desk_app.sign_in_tries.count("advisor@example.org", f"203.0.113.{n}")
    with pytest.raises(TooMany) as told:
        desk_app.sign_in_tries.count("Advisor@example.org ", "198.51.100.7")
    assert 0 < told.value.retry_after <= 15 * 60 + 1
    clock.goes_on(minutes=15.1)
    desk_app.sign_in_tries.count("advisor@example.org", "198.51.100.7")


async def test_failed_tries_count_in_every_desk_process_and_end_with_a_right_password(wired: Wire, browser: Browser) -> None:
    one, two = wired(ScriptedBot()), wired(ScriptedBot())
    for desk in (one, two) * 5:
        desk.sign_in_tries.count("advisor@example.org", "127.0.0.1")
    with pytest.raises(TooMany):
        two.sign_in_tries.count("advisor@example.org", "127.0.0.1")
    one.sign_in_tries.forgive("advisor@example.org", "127.0.0.1")
    assert (await browser(two).post("/desk/sign-in", data={"email": "advisor@example.org", "password": PASSWORD})).status_code == 303


async def test_no_address_of_a_person_or_a_machine_is_kept_of_a_failed_try(desk_app: Desk, database_file: Path) -> None:
    desk_app.sign_in_tries.count("somebody@example.org", "203.0.113.77")
    with sqlite3.connect(database_file) as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert "203.0.113.77" not in dump and "somebody@example.org" not in dump and "desk_sign_in_tries" in dump


async def test_signing_in_makes_a_new_session_whatever_cookie_was_there_before(desk_app: Desk, browser: Browser) -> None:
    http = browser(desk_app)
    http.cookies.set(COOKIE, "planted-by-somebody-else")
    answer = await http.post("/desk/sign-in", data={"email": "advisor@example.org", "password": PASSWORD})
    assert answer.cookies[COOKIE] != "planted-by-somebody-else"
    planted = browser(desk_app)
    planted.cookies.set(COOKIE, "planted-by-somebody-else")
    assert (await planted.get("/desk/queue")).status_code == 401


# -- sessions --------------------------------------------------------------------------------------------------------


async def test_a_session_ends_after_its_hours(desk_app: Desk, staff: SignIn, clock: SetClock) -> None:
    advisor = await staff(desk_app, "advisor")
    for _ in range(9):
        clock.goes_on(hours=1.1)
        assert (await advisor.opens("/desk/queue")).status_code == 200
    clock.goes_on(hours=0.2)
    assert (await advisor.http.get("/desk/queue")).status_code == 401


async def test_a_session_that_nobody_touches_ends_sooner_and_pages_opened_by_scripts_do_not_keep_it(
    desk_app: Desk, staff: SignIn, clock: SetClock
) -> None:
    advisor = await staff(desk_app, "advisor")
    for _ in range(3):
        clock.goes_on(minutes=110)
        assert (await advisor.opens("/desk/queue")).status_code == 200
    for _ in range(3):
        clock.goes_on(minutes=39)
        assert (await advisor.http.get("/desk/queue/counts")).status_code == 200
    clock.goes_on(minutes=10)
    assert (await advisor.http.get("/desk/queue/counts")).status_code == 401


async def news(stream: AsyncIterator[bytes]) -> bytes:
    """What comes next but for the marks that it is still there, of which a busy machine writes some first."""
    while (words := await anext(stream)).startswith(b":"):
        pass
    return words


async def test_a_stream_of_the_queue_ends_with_its_session(desk_app: Desk, prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_pages, "RECHECK_S", 0.0)
    request = Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={prepared.cookies['advisor']}".encode())], "app": None})
    stream = queue_pages._while_signed_in(request, desk_app)
    heard = asyncio.ensure_future(news(stream))
    await asyncio.sleep(0.05)
    desk_app.hub.tell(StateChanged("c1", "waiting"))
    assert (await heard).startswith(b"event: state")
    desk_app.accounts.sign_out(prepared.cookies["advisor"])
    heard = asyncio.ensure_future(news(stream))
    await asyncio.sleep(0.05)
    desk_app.hub.tell(StateChanged("c2", "waiting"))
    with pytest.raises(StopAsyncIteration):
        await heard


async def test_signing_out_ends_the_session_on_the_server(desk_app: Desk, browser: Browser, staff: SignIn, prepared: Prepared) -> None:
    advisor = await staff(desk_app, "advisor")
    assert (await advisor.submits("/desk/sign-out")).status_code == 303
    kept = browser(desk_app)
    kept.cookies.set(COOKIE, prepared.cookies["advisor"])
    assert (await kept.get("/desk/queue")).status_code == 401


async def test_switching_an_account_off_ends_its_sessions_and_bars_the_door(desk_app: Desk, staff: SignIn, browser: Browser) -> None:
    advisor, admin = await staff(desk_app, "advisor"), await staff(desk_app, "admin", "/desk/accounts")
    who = next(u for u in desk_app.accounts.all() if u.role == "advisor")
    assert (await admin.submits(f"/desk/accounts/{who.id}/active", active="false")).status_code == 303
    assert (await advisor.http.get("/desk/queue")).status_code == 401
    again = await browser(desk_app).post("/desk/sign-in", data={"email": who.email, "password": PASSWORD})
    assert again.status_code == 401


async def test_only_digests_of_passwords_and_cookies_are_kept(desk_app: Desk, prepared: Prepared) -> None:
    raw = prepared.file.read_bytes()
    assert PASSWORD.encode() not in raw and prepared.cookies["admin"].encode() not in raw
    assert b"$argon2id$" in raw
