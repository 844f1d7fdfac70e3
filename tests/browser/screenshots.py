"""python -m tests.browser.screenshots OUT [--url URL --email E --password P]: every page at phone and desktop width.

Without a URL a desk with the tiny knowledge base is started for it, with students who chat and wait.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, DESKTOP, PHONE, chromium
from tests.browser.desk_server import PASSWORD, DeskServer, prepare
from tests.browser.people import ask, button, until

WIDTHS = {"phone": PHONE, "desktop": {**DESKTOP, "height": 720}}
REAL = {"en": ["What is Running Start?", "How do I get into an apprenticeship?"], "es": ["¿Cómo lleno la WASFA?"]}
TINY = {"en": ["What is the Sunrise Grant?", "How much is the Sunrise Grant?"], "es": ["¿Qué es la Beca Amanecer?"]}
DANGER = "i want to kill myself"
SETTLE_MS = 600


@contextlib.contextmanager
def a_desk() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        server = DeskServer(prepare(Path(folder))).start()
        try:
            yield server.url
        finally:
            server.stop()


def students(browser: Browser, url: str, questions: dict[str, list[str]]) -> None:
    """Somebody waits with a question, somebody in Spanish, and somebody is in danger."""
    for texts, language in ((questions["en"], "en"), (questions["es"], "es"), ([DANGER], "en")):
        page = browser.new_context(viewport=PHONE).new_page()
        page.goto(f"{url}/?language={language}")
        field, person = ("Tu mensaje", "Hablar con una persona") if language == "es" else ("Your message", "Talk to a person")
        for text in texts:
            ask(page, text, field)
            until(page, lambda page=page: "bot" in (page.locator("li.message").last.get_attribute("class") or ""))
            page.wait_for_timeout(SETTLE_MS)
        if texts != [DANGER]:  # there the program has called a person itself
            page.locator("button.human", has_text=person).click()
        page.wait_for_timeout(SETTLE_MS)
        page.context.close()


def public_pages(browser: Browser, url: str, out: Path, question: str) -> None:
    for width, viewport in WIDTHS.items():
        page = browser.new_context(viewport=viewport, locale="en-US").new_page()
        page.goto(url)
        page.wait_for_timeout(SETTLE_MS)
        _keep(page, out, f"welcome-{width}")
        ask(page, question)
        page.locator("li.message.bot .sources").first.wait_for()
        _keep(page, out, f"chat-{width}")
        for name, path in (("privacy", "/privacy"), ("sign-in", "/desk/sign-in")):
            page.goto(url + path)
            _keep(page, out, f"{name}-{width}")
        page.context.close()


def staff_pages(browser: Browser, url: str, out: Path, question: str, email: str, password: str) -> None:
    """As an admin, who sees every page."""
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    page = context.new_page()
    page.goto(f"{url}/desk")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    button(page, "Sign in").click()
    page.locator("[data-chat]", has_text=question).get_by_role("link").last.click()
    button(page, "Take this conversation").click()
    page.locator(".found li").first.wait_for()
    conversation = page.url.removeprefix(url)
    page.goto(f"{url}/desk/knowledge")
    entry = page.locator(".lines a").first.get_attribute("href") or ""
    paths = {
        "queue": "/desk/queue",
        "conversation": conversation,
        "knowledge": "/desk/knowledge",
        "entry": entry,
        "accounts": "/desk/accounts",
        "audit": "/desk/audit",
    }
    for name, path in {**paths, "refused": "/desk/nothing-here"}.items():
        for width, viewport in WIDTHS.items():
            page.set_viewport_size(viewport)
            page.goto(url + path)
            _keep(page, out, f"{name}-{width}")


def _keep(page: Page, out: Path, name: str) -> None:
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=out / f"{name}.png")
    print(out / f"{name}.png")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--url", help="a desk that runs already; students are added to it")
    parser.add_argument("--email", default="admin@example.org")
    parser.add_argument("--password", default=PASSWORD)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, contextlib.nullcontext(given.url) if given.url else a_desk() as url:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        questions = REAL if given.url else TINY
        students(browser, url, questions)
        public_pages(browser, url, given.out, questions["en"][0])
        staff_pages(browser, url, given.out, questions["en"][-1], given.email, given.password)
        browser.close()


if __name__ == "__main__":
    main()
