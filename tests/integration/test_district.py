"""Sign-in with a district's account: who the district knows comes in, and nobody who only says so."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from pydantic import ValidationError

from desk.settings import Settings
from desk.staff.district import District
from desk.wiring import Desk
from tests.integration.conftest import Browser, Wire
from tests.integration.district_provider import CLIENT, ISSUER, SECRET, Provider
from tests.integration.fakes import ScriptedBot

SETTINGS = {"oidc_discovery_url": f"{ISSUER}/.well-known/openid-configuration", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
Opens = Callable[..., Desk]


@pytest.fixture
def opens(wired: Wire) -> Opens:
    """A desk whose district is this provider."""

    def make(provider: Provider, **changes: str) -> Desk:
        desk = wired(ScriptedBot(), **SETTINGS, **changes)
        object.__setattr__(desk, "district", District(desk.settings, httpx.ASGITransport(provider.app)))
        return desk

    return make


async def goes(http: httpx.AsyncClient, provider: Provider, next_page: str = "/desk/queue") -> httpx.Response:
    """To the district and back, as a browser does."""
    begun = await http.get("/desk/district", params={"next": next_page})
    assert begun.status_code == 303, begun.text
    code, state = provider.lets_in(begun.headers["location"])
    return await http.get("/desk/district/callback", params={"code": code, "state": state})


async def test_somebody_with_an_account_comes_in_and_goes_on_to_the_page_they_wanted(opens: Opens, browser: Browser) -> None:
    provider = Provider()
    desk = opens(provider)
    http = browser(desk)
    assert "Sign in with a district account" in (await http.get("/desk/sign-in")).text
    page = await goes(http, provider)
    assert page.status_code == 200 and "url=/desk/queue" in page.text
    cookie = page.headers.get_list("set-cookie")[0]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert (await http.get("/desk/queue")).status_code == 200
    assert [(r.who, r.action, r.details) for r in desk.audit.recent()] == [("advisor@example.org", "signed_in", {"by": "district"})]


async def test_a_new_person_of_an_allowed_domain_gets_an_account_with_the_configured_role(opens: Opens, browser: Browser) -> None:
    provider = Provider(email="New.Person@Schools.example", name="New Person")
    desk = opens(provider, oidc_domains="schools.example, other.example", oidc_default_role="editor")
    assert (await goes(browser(desk), provider)).status_code == 200
    made = desk.accounts.of_email("new.person@schools.example")
    assert made is not None and (made.role, made.name, made.must_change) == ("editor", "New Person", False)
    assert [r.action for r in desk.audit.recent()] == ["signed_in", "created_account"]


@pytest.mark.parametrize("email", ["x@elsewhere.example", "x@evil-schools.example", "x@schools.example.evil.example", "x@sub.schools.example"])
async def test_a_stranger_of_another_domain_gets_none(opens: Opens, browser: Browser, email: str) -> None:
    provider = Provider(email=email)
    desk = opens(provider, oidc_domains="schools.example")
    answer = await goes(browser(desk), provider)
    assert answer.status_code == 401 and "no account for you" in answer.text and desk.accounts.of_email(email) is None


async def test_an_account_that_is_switched_off_stays_shut(opens: Opens, browser: Browser) -> None:
    provider = Provider()
    desk = opens(provider)
    user = desk.accounts.of_email("advisor@example.org")
    assert user is not None
    desk.accounts.set_active(user.id, False)
    http = browser(desk)
    assert (await goes(http, provider)).status_code == 401 and (await http.get("/desk/queue")).status_code == 401


async def test_a_temporary_password_ends_when_the_district_vouches(opens: Opens, browser: Browser) -> None:
    provider = Provider()
    desk = opens(provider)
    user = desk.accounts.of_email("advisor@example.org")
    assert user is not None
    _, password = desk.accounts.reset_password(user.id)
    http = browser(desk)
    await goes(http, provider)
    assert (await http.get("/desk/queue")).status_code == 200
    assert (await browser(desk).post("/desk/sign-in", data={"email": user.email, "password": password})).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}, {"email": ""}, {"nonce": "another"}, {"aud": "another client"}, {"iss": "https://evil.example"},
        {"exp": 1}, {"exp": None},
    ],
    ids=str,
)  # fmt: skip
async def test_an_answer_that_does_not_fit_opens_nothing(opens: Opens, browser: Browser, changes: dict[str, object]) -> None:
    provider = Provider()
    provider.changes = changes
    desk = opens(provider)
    http = browser(desk)
    answer = await goes(http, provider)
    assert answer.status_code == 401 and "waymark_staff" not in str(answer.headers.get_list("set-cookie"))
    assert (await http.get("/desk/queue")).status_code == 401
    assert [r.action for r in desk.audit.recent()] == ["sign_in_failed"]


@pytest.mark.parametrize("forges", [Provider.forges_with_another_key, Provider.forges_with_a_shared_secret])
async def test_a_token_that_the_district_did_not_sign_opens_nothing(opens: Opens, browser: Browser, forges: Callable[[Provider], None]) -> None:
    provider = Provider()
    forges(provider)
    assert (await goes(browser(opens(provider)), provider)).status_code == 401


async def test_an_answer_meant_for_another_browser_or_another_time_opens_nothing(opens: Opens, browser: Browser) -> None:
    provider = Provider()
    desk = opens(provider)
    mine, victim = browser(desk), browser(desk)
    code, state = provider.lets_in((await mine.get("/desk/district")).headers["location"])
    assert (await victim.get("/desk/district/callback", params={"code": code, "state": state})).status_code == 401, "no cookie"
    await victim.get("/desk/district")
    assert (await victim.get("/desk/district/callback", params={"code": code, "state": state})).status_code == 401, "the cookie of another way"
    victim.cookies.set("waymark_district", "made.up.seal", path="/desk/district")
    assert (await victim.get("/desk/district/callback", params={"code": code, "state": state})).status_code == 401
    assert (await mine.get("/desk/district/callback", params={"code": code, "state": state})).status_code == 200
    assert (await mine.get("/desk/district/callback", params={"code": code, "state": state})).status_code == 401, "only once"


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "/desk//evil.example", "javascript:alert(1)"])
async def test_the_way_back_never_leads_to_another_site(opens: Opens, browser: Browser, next_page: str) -> None:
    provider = Provider()
    page = await goes(browser(opens(provider)), provider, next_page)
    assert 'url=/desk"' in page.text and "evil" not in page.text and "javascript" not in page.text


async def test_a_district_that_cannot_be_reached_is_told_in_plain_words(wired: Wire, browser: Browser) -> None:
    desk = wired(ScriptedBot(), **{**SETTINGS, "oidc_discovery_url": "http://127.0.0.1:9/x"})
    answer = await browser(desk).get("/desk/district")
    assert answer.status_code == 401 and "cannot be reached just now" in answer.text


async def test_where_none_is_set_up_there_is_no_button_and_no_way(desk_app: Desk, browser: Browser) -> None:
    http = browser(desk_app)
    assert "Sign in with" not in (await http.get("/desk/sign-in")).text
    assert (await http.get("/desk/district")).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"oidc_client_id": ""}, {"oidc_client_secret": ""}, {"environment": "production", "secret_key": "s" * 32, "rasa_token": "t" * 32, "oidc_discovery_url": "http://id.example/x"}],
    ids=str,
)  # fmt: skip
def test_half_a_setting_is_refused_at_the_start(changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="OIDC_"):
        Settings(_env_file=None, **{**SETTINGS, **changes})  # type: ignore[call-arg, arg-type]
