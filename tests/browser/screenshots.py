"""python -m tests.browser.screenshots [OUT] [--url URL --email E --password P] [--only NAME]: every page at phone and desktop width.

Without a URL a desk with the shipped knowledge base is started for it (it answers by itself, without Rasa, so program cards and
comparisons need the URL of a whole product), with students who chat and wait. The pages of staff are those in the navigation, one conversation and one entry.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, DESKTOP, PHONE, chromium
from tests.browser.desk_server import PASSWORD, ROOT, DeskServer, prepare
from tests.browser.people import ask, button, until

OUT = ROOT / "docs" / "screenshots"
WIDTHS = {"phone": PHONE, "desktop": {**DESKTOP, "height": 800}}
FIELD = {"en": "Your message", "es": "Tu mensaje"}
DANGER = "i want to kill myself"
WAITING: list[tuple[str, list[str]]] = [
    ("en", ["What is Running Start and does it cost money?", "How do I pay for college?"]),
    ("es", ["¿Qué es Running Start y cuánto cuesta?"]),
    ("en", [DANGER]),
]
CHATS: dict[str, tuple[str, list[str]]] = {
    "welcome": ("en", []),
    "student": ("en", ["What is Running Start and does it cost money?"]),
    "programs": ("en", ["apprenticeships for electricians near Yakima"]),
    "comparison": ("en", ["compare nurse and electrician"]),
    "checklist": ("en", ["help me fill out the FAFSA step by step"]),
    "spanish": ("es", ["¿Qué es Running Start y cuánto cuesta?"]),
}
BY_RASA = ("programs", "comparison")
"""Pictures of what the desk does not do by itself: made with --url only."""
SETTLE_MS = 600
REPLY_S = 30
START_S = 600
"""The first start learns a search index, which takes its time on a busy machine; later ones find it in var/index."""


@contextlib.contextmanager
def a_desk() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        database = prepare(Path(folder), content_folder=None)
        server = DeskServer(database, ENCODER="both", INDEX_FOLDER=str(ROOT / "var" / "index")).start(within_s=START_S)
        try:
            yield server.url
        finally:
            server.stop()


def converse(page: Page, language: str, texts: list[str]) -> None:
    answered = page.locator("li.message.bot:not(.opening)")
    for text in texts:
        before = answered.count()
        ask(page, text, FIELD[language])
        until(page, lambda before=before: answered.count() > max(before, 1), seconds=REPLY_S)  # type: ignore[misc]
        page.wait_for_timeout(SETTLE_MS)


def people_who_wait(browser: Browser, url: str) -> None:
    """Somebody waits with a question, somebody in Spanish, and somebody is in danger."""
    for language, texts in WAITING:
        page = browser.new_context(viewport=PHONE).new_page()
        page.goto(f"{url}/?language={language}")
        converse(page, language, texts)
        if texts != [DANGER]:  # there the program has called a person itself
            page.locator("button.human").click()
        page.wait_for_timeout(SETTLE_MS)
        page.context.close()


class Camera:
    """Keeps pictures of what `only` names; without it, of everything."""

    def __init__(self, browser: Browser, url: str, out: Path, only: str | None) -> None:
        self.browser, self.url, self.out, self.only = browser, url, out, only

    def wants(self, name: str) -> bool:
        return self.only is None or self.only == name

    def at_each_width(self, name: str, prepared: Callable[[Page], None], **options: Any) -> None:
        for width, viewport in WIDTHS.items() if self.wants(name) else ():
            page = self.browser.new_context(**{"viewport": viewport, "locale": "en-US", "reduced_motion": "reduce", **options}).new_page()
            prepared(page)
            self.keep(page, f"{name}-{width}")
            page.context.close()

    def keep(self, page: Page, name: str) -> None:
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=self.out / f"{name}.png")
        print(self.out / f"{name}.png")


def public_pages(camera: Camera, left_out: tuple[str, ...]) -> None:
    for name, (language, texts) in CHATS.items():
        if name in left_out:
            continue

        def chat(page: Page, language: str = language, texts: list[str] = texts) -> None:
            page.goto(f"{camera.url}/?language={language}")
            converse(page, language, texts)

        camera.at_each_width(name, chat)
        if name == "student":
            camera.at_each_width("student-dark", chat, color_scheme="dark")

    def waits(page: Page) -> None:
        page.goto(camera.url)
        converse(page, "en", ["How do I pay for college?"])
        page.locator("button.human").click()
        button(page, "Stop waiting").wait_for()

    camera.at_each_width("waiting", waits)
    for name, path in (("privacy", "/privacy"), ("sign-in", "/desk/sign-in"), ("embedded", "/widget/examples/embed.html")):
        camera.at_each_width(name, lambda page, path=path: _open(page, camera.url + path))


def _open(page: Page, address: str) -> None:
    page.goto(address)
    if page.locator("advising-chat[mode=floating]").count():
        button(page, "Open chat").click()


def staff_pages(camera: Camera, email: str, password: str) -> None:
    """As an admin, who sees every page."""
    page = camera.browser.new_context(viewport=DESKTOP, locale="en-US").new_page()
    page.goto(f"{camera.url}/desk")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    button(page, "Sign in").click()
    page.locator("[data-chat]", has_text=WAITING[0][1][-1]).get_by_role("link").last.click()
    button(page, "Take this conversation").click()
    page.locator(".found li").first.wait_for()
    paths = {"conversation": page.url.removeprefix(camera.url)}
    menu = page.locator("nav a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    paths |= {str(path).rpartition("/")[2]: path for path in menu if str(path).startswith("/desk/")}
    page.goto(f"{camera.url}/desk/knowledge")
    paths["entry"] = page.locator("main a[href*='/desk/knowledge/entr']").first.get_attribute("href") or ""
    for name, path in {**paths, "refused": "/desk/nothing-here"}.items():
        for width, viewport in WIDTHS.items() if camera.wants(name) else ():
            page.set_viewport_size(viewport)
            page.goto(camera.url + path)
            camera.keep(page, f"{name}-{width}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=OUT)
    parser.add_argument("--url", help="a desk that runs already; students are added to it")
    parser.add_argument("--email", default="admin@example.org")
    parser.add_argument("--password", default=PASSWORD)
    parser.add_argument("--only", help="one picture's name without its width, for example queue")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, contextlib.nullcontext(given.url) if given.url else a_desk() as url:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        camera = Camera(browser, url, given.out, given.only)
        public_pages(camera, left_out=() if given.url else BY_RASA)
        if given.only not in CHATS:
            people_who_wait(browser, url)
            staff_pages(camera, given.email, given.password)
        browser.close()


if __name__ == "__main__":
    main()
