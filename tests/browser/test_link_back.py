"""The link of an e-mail, pressed on a phone that has never seen the chat."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from desk.conversations.key_store import Keys
from desk.settings import DEVELOPMENT_SECRET
from knowledge.store import make_engine
from tests.browser.axe import faults
from tests.browser.conftest import Open
from tests.browser.desk_server import DeskServer
from tests.browser.people import WHAT, WHAT_ANSWER, ask, button, replies

Student = Callable[..., Page]


def link_to(page: Page, desk: DeskServer, language: str = "en") -> str:
    """What the e-mail to the student of this page holds."""
    stored = page.evaluate("Object.entries(localStorage).find(([key]) => key.endsWith(':session'))[1]")
    engine = make_engine(f"sqlite:///{Path(desk.folder) / 'desk.db'}")
    words, _ = Keys(engine, lambda: dt.datetime.now(dt.UTC), DEVELOPMENT_SECRET).link_words(json.loads(stored)["id"])
    engine.dispose()
    return f"{desk.url}/?language={language}#open={words}"


@pytest.fixture
def link(student: Student, desk: DeskServer) -> str:
    page = student()
    ask(page, WHAT)
    expect(replies(page)).to_have_count(2)
    return link_to(page, desk)


def test_it_opens_the_chat_on_another_device_and_leaves_the_address_bar_at_once(open_context: Open, link: str) -> None:
    page = open_context().new_page()
    page.goto(link)
    expect(page.get_by_text(WHAT_ANSWER)).to_be_visible()
    assert "#" not in page.url and page.evaluate("history.length") <= 2
    page.reload()
    expect(page.get_by_text(WHAT_ANSWER)).to_be_visible()
    ask(page, "how much is the sunrise grant")
    expect(replies(page)).to_have_count(3)


@pytest.mark.parametrize("answer", ["Keep this one", "Open it"])
def test_a_chat_that_is_on_the_device_gives_way_only_if_that_is_wanted(student: Student, link: str, answer: str) -> None:
    page = student()
    ask(page, "what is trail start, mine")
    expect(replies(page)).to_have_count(2)
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_role("dialog", name="Open the chat from the e-mail?")).to_be_visible()
    expect(button(page, "Keep this one")).to_be_focused()
    assert faults(page) == []
    button(page, answer).click()
    kept = answer == "Keep this one"
    expect(page.get_by_text("what is trail start, mine")).to_have_count(int(kept))
    expect(page.get_by_text(WHAT_ANSWER)).to_have_count(int(not kept))


def test_a_link_whose_chat_was_deleted_says_so_in_the_students_language(student: Student, desk: DeskServer, open_context: Open) -> None:
    first = student("/?language=es")
    ask(first, "que es la beca amanecer", "Tu mensaje")
    expect(replies(first)).to_have_count(2)
    link = link_to(first, desk, "es")
    button(first, "Más opciones").click()
    button(first, "Borrar mi conversación").click()
    button(first, "Borrarla").click()
    expect(first.get_by_text("Tu conversación se borró.")).to_be_visible()
    page = open_context().new_page()
    page.goto(link)
    expect(page.get_by_text("Este enlace ya no abre ningún chat.")).to_be_visible()
    assert faults(page) == []
