"""Passwords: changed by oneself, reset by an admin, temporary until changed."""

from __future__ import annotations

import re

import pytest

from desk.errors import Invalid, NotSignedIn
from desk.staff.passwords import check_password
from desk.wiring import Desk
from tests.integration.conftest import PASSWORD, Browser, SignIn
from tests.integration.fakes import SetClock
from tests.integration.people import Staff

NEW = "quiet river under glass"


def id_of(desk: Desk, role: str) -> int:
    return next(user.id for user in desk.accounts.all() if user.email == f"{role}@example.org")


@pytest.mark.parametrize(
    ("password", "why"),
    [("short", "at least 12"), ("a" * 201, "at most 200"), ("aaaaaaaaaaaaaaa", "repeats"), ("my advisor password", "e-mail name")],
)
def test_a_password_that_is_no_good_is_told_why(password: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        check_password(password, "advisor@example.org")


async def test_changing_ones_password_ends_every_other_session_and_keeps_this_browser(desk_app: Desk, browser: Browser, staff: SignIn) -> None:
    here, elsewhere = await staff(desk_app, "advisor", "/desk/password"), await Staff(browser(desk_app)).signs_in("advisor@example.org", PASSWORD)
    answer = await here.submits("/desk/password", old=PASSWORD, new=NEW)
    assert answer.headers["location"] == "/desk/password?changed=true"
    here.http.cookies.set("waymark_staff", answer.cookies["waymark_staff"])
    assert (await here.opens("/desk/queue")).status_code == 200
    assert (await elsewhere.http.get("/desk/queue")).status_code == 401
    with pytest.raises(NotSignedIn):
        desk_app.accounts.sign_in("advisor@example.org", PASSWORD)
    desk_app.accounts.sign_in("advisor@example.org", NEW)
    assert next(row.action for row in desk_app.audit.recent()) == "changed_password"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [("wrong wrong wrong", NEW, "present password is wrong"), (PASSWORD, PASSWORD, "the present one"), (PASSWORD, "short", "at least 12")],
)
async def test_a_change_that_cannot_be_made_says_why_and_changes_nothing(desk_app: Desk, staff: SignIn, old: str, new: str, why: str) -> None:
    advisor = await staff(desk_app, "advisor", "/desk/password")
    answer = await advisor.submits("/desk/password", old=old, new=new)
    assert answer.status_code == 422 and why in answer.text
    assert (await advisor.opens("/desk/queue")).status_code == 200
    desk_app.accounts.sign_in("advisor@example.org", PASSWORD)


async def test_a_reset_password_opens_only_the_way_to_a_new_one(desk_app: Desk, browser: Browser, staff: SignIn) -> None:
    advisor, admin = await staff(desk_app, "advisor"), await staff(desk_app, "admin", "/desk/accounts")
    shown = await admin.submits(f"/desk/accounts/{id_of(desk_app, 'advisor')}/reset")
    found = re.search(r"<code>([^<]+)</code>", shown.text)
    assert shown.status_code == 200 and found
    assert (await advisor.http.get("/desk/queue")).status_code == 401, "sessions of before end"
    person = Staff(browser(desk_app))
    signed_in = await person.http.post("/desk/sign-in", data={"email": "advisor@example.org", "password": found[1], "next": "/desk/queue"})
    assert signed_in.headers["location"] == "/desk/password"
    person.http.cookies.set("waymark_staff", signed_in.cookies["waymark_staff"])
    assert (await person.opens("/desk/queue")).headers["location"] == "/desk/password"
    assert (await person.http.get("/desk/queue")).json()["error"]["code"] == "must_change_password"
    await person.opens("/desk/password")
    changed = await person.submits("/desk/password", old=found[1], new=NEW)
    person.http.cookies.set("waymark_staff", changed.cookies["waymark_staff"])
    assert (await person.opens("/desk/queue")).status_code == 200
    assert [(r.who, r.action) for r in desk_app.audit.recent()][:3] == [
        ("advisor@example.org", "changed_password"), ("advisor@example.org", "signed_in"), ("admin@example.org", "reset_password"),
    ]  # fmt: skip
    assert found[1] not in str([vars(row) for row in desk_app.audit.recent()])


async def test_a_temporary_password_ends_after_a_week(desk_app: Desk, clock: SetClock) -> None:
    _, password = desk_app.accounts.reset_password(id_of(desk_app, "advisor"))
    clock.goes_on(days=7, minutes=1)
    with pytest.raises(NotSignedIn):
        desk_app.accounts.sign_in("advisor@example.org", password)


async def test_an_account_made_by_an_admin_begins_with_a_temporary_password(desk_app: Desk, staff: SignIn) -> None:
    admin = await staff(desk_app, "admin", "/desk/accounts")
    await admin.submits("/desk/accounts", email="new@example.org", name="New", role="advisor")
    made = desk_app.accounts.of_email("new@example.org")
    assert made is not None and made.must_change


async def test_a_changed_role_holds_at_once_and_nobody_changes_their_own(desk_app: Desk, staff: SignIn) -> None:
    advisor, admin = await staff(desk_app, "advisor"), await staff(desk_app, "admin", "/desk/accounts")
    assert (await admin.submits(f"/desk/accounts/{id_of(desk_app, 'advisor')}/role", role="editor")).status_code == 303
    assert (await advisor.http.get("/desk/queue")).status_code == 403
    assert (await advisor.http.get("/desk/knowledge")).status_code == 200
    for what, form in {"role": {"role": "editor"}, "active": {"active": "false"}, "reset": {}}.items():
        assert (await admin.submits(f"/desk/accounts/{id_of(desk_app, 'admin')}/{what}", **form)).status_code == 409
    assert (await admin.submits(f"/desk/accounts/{id_of(desk_app, 'editor')}/role", role="emperor")).status_code == 422
