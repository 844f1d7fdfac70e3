"""Everybody can use every page: axe finds nothing, nothing scrolls sideways at 320 px, the keyboard alone is enough."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, faults, sideways
from tests.browser.conftest import DESKTOP, Open, StaffPage
from tests.browser.desk_server import DeskServer
from tests.browser.people import WHAT, ask, ask_for_person, button, replies, take, waiting

Student = Callable[..., Page]

PAGES = {
    "queue": ("advisor", "/desk/queue"), "knowledge": ("editor", "/desk/knowledge"), "entry": ("editor", "/desk/knowledge/entry/sunrise_grant.cost"),
    "history": ("editor", "/desk/knowledge/entry/sunrise_grant.cost/history"), "checklist": ("advisor", "/desk/knowledge/checklist/sunrise_steps"),
    "new fact": ("editor", "/desk/knowledge/new/fact"), "refused": ("editor", "/desk/queue"), "accounts": ("admin", "/desk/accounts"),
    "audit": ("admin", "/desk/audit"), "inbox": ("advisor", "/desk/misses"), "settled": ("editor", "/desk/misses?show=done"), "review": ("advisor", "/desk/review"),
    "freshness": ("editor", "/desk/freshness?need=all"), "roll-over": ("editor", "/desk/freshness/roll-over?first=2026-07-01&last=2028-06-30"),
    "fact": ("editor", "/desk/knowledge/fact/sunrise_amount"), "insight": ("admin", "/desk/insight"), "regression": ("editor", "/desk/regression"),
    "tables": ("editor", "/desk/exchange"), "waiting table": ("editor", "/desk/exchange/facts/waiting"),
    "canned": ("advisor", "/desk/canned"), "offices": ("admin", "/desk/offices"), "filtered": ("advisor", "/desk/queue?language=es"),
    "retention": ("admin", "/desk/retention"), "password": ("advisor", "/desk/password"),
}  # fmt: skip
NARROW = {"width": 320, "height": 640}

looks = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


# -- axe --------------------------------------------------------------------------------------------------------------------


@looks
@pytest.mark.parametrize("path", ["/", "/?language=es", "/privacy", "/privacy?language=es", "/docs", "/desk/sign-in"])
def test_axe_finds_nothing_on_public_pages(student: Student, path: str, look: dict[str, object]) -> None:
    page = student(path, **look)
    expect(page.locator("h1")).to_be_visible()
    assert faults(page) == []


@looks
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_staff_pages(staff: StaffPage, student: Student, name: str, look: dict[str, object]) -> None:
    who, path = PAGES[name]
    page = staff(who, path, reduced_motion="reduce", **look)  # a preview that is still fading in has no colours yet
    expect(page.locator("h1")).to_be_visible()
    assert faults(page) == []


@looks
def test_axe_finds_nothing_in_a_chat_with_answers_choices_and_danger(student: Student, look: dict[str, object]) -> None:
    page = student(**look)
    for text in (WHAT, "sunrise step by step", "xxyy zzqq", "i want to kill myself"):
        before = replies(page).count()
        ask(page, text)
        expect(replies(page)).not_to_have_count(before)
    expect(page.locator("li.message.crisis")).to_be_visible()
    button(page, "More options").click()
    assert faults(page) == []


def find_an_answer(page: Page) -> None:
    """On a phone the tools stand behind the chat, one press away."""
    answers = page.get_by_role("navigation", name="Tools").get_by_role("link", name="Answers")
    if answers.is_visible():
        answers.click()
    expect(page.locator(".found li").first).to_be_visible()


@looks
def test_axe_finds_nothing_in_the_queue_and_a_conversation_before_and_after_it_is_taken(
    student: Student, staff: StaffPage, look: dict[str, object]
) -> None:
    mark = f"reach {look['color_scheme']}"
    page = student()
    ask(page, WHAT)
    ask_for_person(page, f"sunrise amount, {mark}")
    ask(page, "i want to kill myself")
    desk_page = staff("advisor", **look)
    expect(desk_page.locator(".chat.crisis").first).to_be_visible()
    assert faults(desk_page) == []
    waiting(desk_page, "kill myself").first.get_by_role("link").click()
    expect(button(desk_page, "Take this conversation")).to_be_visible()
    assert faults(desk_page) == []
    button(desk_page, "Take this conversation").click()
    desk_page.locator(".message summary").first.click()
    find_an_answer(desk_page)
    assert faults(desk_page) == []


# -- 320 px ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/privacy", "/desk/sign-in"])
def test_public_pages_fit_320_pixels(student: Student, path: str) -> None:
    page = student(path, viewport=NARROW)
    expect(page.locator("h1")).to_be_visible()
    assert sideways(page) == 0


@pytest.mark.parametrize("name", PAGES)
def test_staff_pages_fit_320_pixels(staff: StaffPage, name: str) -> None:
    page = staff(*PAGES[name], viewport=NARROW)
    expect(page.locator("h1")).to_be_visible()
    assert sideways(page) == 0


def test_a_taken_conversation_fits_320_pixels(student: Student, staff: StaffPage) -> None:
    ask_for_person(student(), f"{'w' * 120} narrow")
    page = staff("advisor", viewport=NARROW)
    take(page, "narrow")
    assert sideways(page) == 0
    find_an_answer(page)
    assert sideways(page) == 0


# -- keyboard ----------------------------------------------------------------------------------------------------------------


def test_an_advisor_signs_in_takes_answers_and_closes_by_keyboard_alone(student: Student, open_context: Open, desk: DeskServer) -> None:
    chat = student()
    ask_for_person(chat, "sunrise last day, keyboard")
    page = open_context(viewport=DESKTOP).new_page()
    page.goto(f"{desk.url}/desk")
    page.keyboard.type("advisor@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Queue", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    _walk_to(page, page.get_by_role("link", name=re.compile("last day, keyboard")))
    page.keyboard.press("Enter")
    expect(button(page, "Take this conversation")).to_be_visible()
    _walk_to(page, button(page, "Take this conversation"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-found]")).not_to_be_empty()  # the page's script is at work
    _walk_to(page, page.get_by_label("Your reply"))
    page.keyboard.type("Done without a mouse.")
    page.keyboard.press("Control+Enter")
    expect(chat.locator("li.message.advisor")).to_contain_text("Done without a mouse.")
    _walk_to(page, button(page, "Close"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/desk/queue$"))


def _walk_to(page: Page, target: object, most: int = 60) -> None:
    """Presses Tab until the target has the focus, and sees at every stop that the focus is visible on screen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { const box = document.activeElement.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight })()"
        )
        assert seen, f"the focus went out of sight: {page.evaluate('document.activeElement.outerHTML.slice(0, 200)')}"
        if target.evaluate("node => node === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError("Tab never reached it")
