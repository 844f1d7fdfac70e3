"""Browsers and desks for the tests of this folder. Chromium is needed: without one the tests fail and say so."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.desk_server import PASSWORD, DeskServer, prepare
from tests.browser.widget_fake_server import FakeServer, running

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}

Open = Callable[..., BrowserContext]
StaffPage = Callable[..., Page]
Visit = Callable[..., Page]


def chromium() -> str | None:
    """The system's Chromium; None leaves it to Playwright's own, whose error tells how to get one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def desk(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """One desk for the tests of a module; each brings conversations of its own."""
    database = Path(shutil.copy(prepared, tmp_path_factory.mktemp("desk") / "desk.db"))
    server = DeskServer(database).start()
    yield server
    server.stop()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Open]:
    """A browser of its own; afterwards no page in it may have thrown or broken the content security policy."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)

    def new(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": PHONE, "locale": "en-US", **options})
        context.on("page", watch)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def signed_in(browser: Browser, desk: DeskServer) -> Callable[[str], Any]:
    """The cookies of a person signed in by the form, once for the module."""
    known: dict[str, Any] = {}

    def state(who: str) -> Any:
        if who not in known:
            with browser.new_context() as context:
                page = context.new_page()
                page.goto(f"{desk.url}/desk")
                page.get_by_label("E-mail").fill(f"{who}@example.org")
                page.get_by_label("Password").fill(PASSWORD)
                page.get_by_role("button", name="Sign in").click()
                page.get_by_role("button", name="Sign out").wait_for()
                known[who] = context.storage_state()
        return known[who]

    return state


@pytest.fixture
def staff(open_context: Open, desk: DeskServer, signed_in: Callable[[str], Any]) -> StaffPage:
    """A page of the desk as `who` sees it, on a desktop unless told otherwise."""

    def open_page(who: str, path: str = "/desk", **options: Any) -> Page:
        page = open_context(storage_state=signed_in(who), **{"viewport": DESKTOP, **options}).new_page()
        page.goto(desk.url + path)
        return page

    return open_page


@pytest.fixture
def student(open_context: Open, desk: DeskServer) -> Callable[..., Page]:
    """The student's page in a browser of its own, on a phone unless told otherwise."""

    def open_page(path: str = "/", **options: Any) -> Page:
        page = open_context(**options).new_page()
        page.goto(desk.url + path)
        return page

    return open_page


# -- the chat against the fake desk


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with running() as started:
        yield started


@pytest.fixture
def context(open_context: Open) -> BrowserContext:
    return open_context()


@pytest.fixture
def visit(context: BrowserContext, server: FakeServer) -> Visit:
    """Opens a page of the fake desk."""

    def open_page(path: str = "/") -> Page:
        page = context.new_page()
        page.goto(server.url + path)
        return page

    return open_page
