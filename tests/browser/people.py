"""What students and advisors do on their pages, by the names they read there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

WHAT = "what is the sunrise grant"
WHAT_ANSWER = "The Sunrise Grant is free money for school."


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def until(page: Page, holds: Callable[[], bool], seconds: float = 10) -> None:
    """Waits for what no locator can see. Asked from here, for the pages' security policy lets nobody evaluate text in them."""
    for _ in range(int(seconds * 20)):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to that")


def ask(page: Page, text: str, field: str = "Your message") -> None:
    page.get_by_label(field).fill(text)
    page.keyboard.press("Enter")


def person(page: Page, label: str = "Talk to a person") -> Locator:
    """The button that is always there, not the one an answer may offer."""
    return page.locator("button.human", has_text=label)


def replies(page: Page) -> Locator:
    return page.locator("li.message.bot")


def ask_for_person(page: Page, text: str) -> None:
    """Says something that marks the conversation in the queue, then asks for a person."""
    before = replies(page).count()
    ask(page, text)
    expect(replies(page)).not_to_have_count(before)
    person(page).click()
    expect(button(page, "Stop waiting")).to_be_visible()


def waiting(page: Page, text: str) -> Locator:
    """The conversation in the queue whose last words hold `text`."""
    return page.locator("[data-queue] li[data-chat]", has_text=text)


def take(page: Page, text: str) -> None:
    waiting(page, text).get_by_role("link").click()
    button(page, "Take this conversation").click()
    expect(page.locator("[data-found]")).not_to_be_empty()  # the page's script is at work


def reply(page: Page, text: str) -> None:
    page.wait_for_load_state()  # the shortcut comes with the page's script; a person would press again
    page.get_by_label("Your reply").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Your reply")).to_have_value("")
