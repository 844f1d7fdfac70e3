"""The chat on another site: the policy and attributes that docs/embedding.md promises, against the real desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Open
from tests.browser.desk_server import DeskServer
from tests.browser.people import WHAT, WHAT_ANSWER, ask, button, replies
from tests.browser.school_site import SchoolSite

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "widget" / "examples" / "embed.html").read_text(encoding="utf-8")

Embed = Callable[..., Page]


@pytest.fixture(scope="module")
def school() -> Iterator[SchoolSite]:
    site = SchoolSite()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def desk(prepared: Path, school: SchoolSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    database = tmp_path_factory.mktemp("desk") / "desk.db"
    database.write_bytes(prepared.read_bytes())
    server = DeskServer(database, ALLOWED_ORIGINS=school.origin).start()
    yield server
    server.stop()


@pytest.fixture
def embed(open_context: Open, desk: DeskServer, school: SchoolSite) -> Embed:
    """The example page as a school serves it, under the policy the document gives; `element` replaces its chat."""
    policy = re.search(r"Content-Security-Policy: (.+)", (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8"))
    assert policy
    school.policy = policy[1].replace("https://YOUR-HOST", desk.url)

    def open_page(element: str = "", origin: str = school.origin, **options: object) -> Page:
        school.page = EXAMPLE.replace('src="/widget', f'src="{desk.url}/widget')
        if element:
            school.page = re.sub(r"<advising-chat .*</advising-chat>", element, school.page, flags=re.DOTALL)
        page = open_context(**{"viewport": DESKTOP, **options}).new_page()
        page.goto(f"{origin}/counseling")
        return page

    return open_page


def style(page: Page, selector: str, name: str) -> str:
    return str(page.locator(selector).first.evaluate(f"node => getComputedStyle(node).{name}"))


def test_under_the_documents_policy_it_opens_answers_and_has_its_look(embed: Embed) -> None:
    page = embed()
    button(page, "Open chat").click()
    ask(page, WHAT)
    expect(replies(page).last).to_contain_text(WHAT_ANSWER)
    assert style(page, ".send", "backgroundColor") == "rgb(91, 42, 134)"
    assert style(page, ".bubble", "borderTopLeftRadius") == "6px"


def test_from_an_origin_that_is_not_allowed_the_message_is_kept_and_the_student_told(embed: Embed, school: SchoolSite) -> None:
    page = embed(origin=school.origin.replace("localhost", "127.0.0.1"))
    button(page, "Open chat").click()
    ask(page, "is anybody there")
    expect(page.locator("li.student .delivery")).to_have_text("Kept here, not sent yet")
    expect(page.get_by_role("status")).to_contain_text("No connection right now.")


def test_attributes_say_language_words_colours_and_whether_it_is_open(embed: Embed) -> None:
    page = embed('<advising-chat mode="floating" open language="es" theme="dark" accent="#ffd54a" greeting="¡Hola, Lobos!"></advising-chat>')
    expect(page.get_by_label("Tu mensaje")).to_be_visible()
    expect(page.get_by_text("¡Hola, Lobos!")).to_be_visible()
    assert style(page, "dialog.panel", "backgroundColor") == "rgb(26, 32, 30)"
    assert (style(page, ".send", "backgroundColor"), style(page, ".send", "color")) == ("rgb(255, 213, 74)", "rgb(0, 0, 0)")
    button(page, "Cerrar el chat").click()
    expect(page.locator("advising-chat")).not_to_have_attribute("open", "")
    expect(button(page, "Abrir el chat")).to_be_focused()


def test_light_stays_light_on_a_dark_device_and_colours_can_be_set_by_the_page(embed: Embed) -> None:
    page = embed('<advising-chat theme="light" accent="red; } * { display: none" language="en"></advising-chat>', color_scheme="dark")
    assert style(page, "section.panel", "backgroundColor") == "rgb(255, 255, 255)"
    page.locator("advising-chat").evaluate("node => node.style.setProperty('--accent', '#5b2a86')")
    assert style(page, ".send", "backgroundColor") == "rgb(91, 42, 134)"


def test_the_pages_questions_are_offered_in_the_language_spoken(embed: Embed) -> None:
    page = embed()
    button(page, "Open chat").click()
    expect(page.locator(".examples button")).to_have_text(["What is Running Start and does it cost money?", "When is the FAFSA deadline?"])
    button(page, "Cambiar a español").click()
    expect(page.locator(".examples button")).to_have_text(["¿Qué es Running Start y cuánto cuesta?", "¿Cuándo es la fecha límite de la FAFSA?"])


def test_the_page_hears_what_the_document_promises_and_can_ask(embed: Embed) -> None:
    page = embed()
    page.locator("html").evaluate(
        """node => { node.heard = []; for (const name of ["open", "close", "message", "state", "language"])
             node.addEventListener(`advising-chat:${name}`, ({ detail }) => node.heard.push([name, detail])); }"""
    )
    button(page, "Open chat").click()
    page.locator("advising-chat").evaluate("(node, text) => node.ask(text)", WHAT)
    expect(replies(page).last).to_contain_text(WHAT_ANSWER)
    expect(page.locator("advising-chat")).to_have_attribute("begun", "")
    button(page, "Cambiar a español").click()
    button(page, "Hablar con una persona").click()
    expect(button(page, "Dejar de esperar")).to_be_visible()
    page.keyboard.press("Escape")
    heard = page.locator("html").evaluate("node => node.heard")
    assert [name for name, _ in heard if name != "message"] == ["open", "language", "state", "close"]
    said = [detail["message"]["text"] for name, detail in heard if name == "message" and detail["live"]]
    assert WHAT in said
    assert any(WHAT_ANSWER in text for text in said)
