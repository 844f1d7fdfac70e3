"""Who may do what at the desk: every staff route, every role, taken from the application's own route table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from argon2.exceptions import VerifyMismatchError
from fastapi.routing import APIRoute
from sqlalchemy import update

from desk.pages import ROUTERS
from desk.pages.rendering import COOKIE
from desk.staff.accounts import ROLES
from desk.tables import AuditRow
from desk.wiring import Desk
from tests.integration.conftest import PASSWORD, Browser, Prepared, SignIn, Wire
from tests.integration.fakes import ScriptedBot, SetClock
from tests.integration.people import Staff

OPEN_TO_ALL = {("GET", "/"), ("GET", "/privacy"), ("GET", "/desk/sign-in"), ("POST", "/desk/sign-in")}
ANY_ROLE = {("GET", "/desk"), ("POST", "/desk/sign-out")}
BY_PLACE = {"queue": {"advisor"}, "conversations": {"advisor"}, "suggest": {"advisor"}, "knowledge": {"editor"}, "accounts": set(), "audit": set()}
"""Which roles, besides admin, may use each part of the desk. A new part must be added here on purpose."""


def staff_routes() -> Iterator[tuple[str, str]]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods):
                if (method, route.path) not in OPEN_TO_ALL:
                    yield method, route.path


def allowed(method: str, path: str) -> set[str]:
    if (method, path) in ANY_ROLE:
        return set(ROLES)
    return BY_PLACE[path.split("/")[2]] | {"admin"}


@pytest.mark.parametrize(("method", "path"), sorted(set(staff_routes())))
async def test_each_staff_route_opens_for_its_roles_and_for_nobody_else(
    desk_app: Desk, browser: Browser, prepared: Prepared, method: str, path: str
) -> None:
    if path.endswith("/events"):  # a stream that opens never ends in this process: only the refusals are asked here
        roles: set[str] = set(ROLES) - allowed(method, path)
    else:
        roles = set(ROLES)
    nobody = browser(desk_app)
    there = re.sub(r"\{[^}]+\}", "0", path)
    answer = await nobody.request(method, there)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")
    page = await nobody.request(method, there, headers={"Accept": "text/html"})
    if method == "GET":
        assert page.status_code == 303 and page.headers["location"].startswith("/desk/sign-in?next=/desk")
    else:
        assert page.status_code == 401
    for role in sorted(roles):
        http = browser(desk_app)
        http.cookies.set(COOKIE, prepared.cookies[role])
        who = desk_app.accounts.who(prepared.cookies[role])
        assert who is not None
        data = {"csrf": who.csrf} if method == "POST" else None
        status = (await http.request(method, there, data=data)).status_code
        assert (status not in (401, 403)) == (role in allowed(method, path)), f"{role} got {status}"
        assert status < 500


@pytest.mark.parametrize("path", sorted({p for m, p in staff_routes() if m == "POST"}))
async def test_a_form_without_the_sessions_own_csrf_token_is_refused(desk_app: Desk, browser: Browser, prepared: Prepared, path: str) -> None:
    http = browser(desk_app)
    http.cookies.set(COOKIE, prepared.cookies["admin"])
    other = desk_app.accounts.who(prepared.cookies["advisor"])
    assert other is not None
    there = re.sub(r"\{[^}]+\}", "0", path)
    bodies: list[dict[str, Any]] = [{}, {"data": {"csrf": ""}}, {"data": {"csrf": "guess"}}, {"data": {"csrf": other.csrf}}, {"json": {"csrf": "x"}}]
    for body in bodies:
        assert (await http.post(there, **body)).status_code == 403


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
    desk_app.accounts._hasher = Never()  # type: ignore[assignment]  # real hashing makes eleven tries slow and adds nothing here
    http = browser(desk_app)
    tries = [await http.post("/desk/sign-in", data={"email": "advisor@example.org", "password": "guess"}) for _ in range(11)]
    assert [t.status_code for t in tries] == [401] * 10 + [429]
    assert int(tries[-1].headers["retry-after"]) >= 1
    as_page = await http.post("/desk/sign-in", data={"email": "advisor@example.org", "password": "guess"}, headers={"Accept": "text/html"})
    assert as_page.status_code == 429 and "retry-after" in as_page.headers
    assert (await http.post("/desk/sign-in", data={"email": "editor@example.org", "password": "guess"})).status_code == 401


class Never:
    """A hasher that agrees with nothing, at once."""

    def hash(self, password: str) -> str:
        return "x"

    def verify(self, known: str, password: str) -> bool:
        raise VerifyMismatchError


# -- sessions --------------------------------------------------------------------------------------------------------


async def test_a_session_ends_after_its_hours(desk_app: Desk, staff: SignIn, clock: SetClock) -> None:
    advisor = await staff(desk_app, "advisor")
    clock.goes_on(hours=9.9)
    assert (await advisor.http.get("/desk/queue")).status_code == 200
    clock.goes_on(hours=0.2)
    assert (await advisor.http.get("/desk/queue")).status_code == 401


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


# -- the audit log ---------------------------------------------------------------------------------------------------


async def test_what_staff_do_is_noted_and_the_chain_holds_until_somebody_changes_it(desk_app: Desk, browser: Browser, staff: SignIn) -> None:
    conversation, _, _ = desk_app.store.open("en", [])
    await Staff(browser(desk_app)).signs_in("advisor@example.org", PASSWORD)
    advisor = await staff(desk_app, "advisor")
    await advisor.opens(f"/desk/conversations/{conversation.id}")
    for verb in ("take", "return"):
        await advisor.submits(f"/desk/conversations/{conversation.id}/{verb}")
    rows = list(reversed(desk_app.audit.recent()))
    assert [(r.who, r.action) for r in rows] == [("advisor@example.org", a) for a in ("signed_in", "read", "took", "returned")]
    assert desk_app.audit.verify() is None
    with desk_app.engine.begin() as connection:
        connection.execute(update(AuditRow).where(AuditRow.id == rows[1].id).values(who="nobody@example.org"))
    assert desk_app.audit.verify() == rows[1].id


async def test_a_removed_row_breaks_the_chain(desk_app: Desk) -> None:
    for n in range(3):
        desk_app.audit.note("a@example.org", "did", f"thing {n}", detail={"á": n})
    assert desk_app.audit.verify() is None
    with desk_app.engine.begin() as connection:
        connection.execute(AuditRow.__table__.delete().where(AuditRow.id == 2))  # type: ignore[attr-defined]
    assert desk_app.audit.verify() == 3


async def test_a_failed_sign_in_is_noted_without_the_password(desk_app: Desk, browser: Browser) -> None:
    await browser(desk_app).post("/desk/sign-in", data={"email": "advisor@example.org", "password": "hunter2hunter2"})
    (row,) = desk_app.audit.recent()
    assert (row.who, row.action) == ("advisor@example.org", "sign_in_failed")
    assert "hunter2" not in str(vars(row))
