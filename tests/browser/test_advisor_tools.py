"""Every tool beside a conversation, on a phone and on a desktop: for everybody, by keyboard too, and few presses for what is done all day."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, faults, focused, sideways
from tests.browser.conftest import PHONE, StaffPage
from tests.browser.people import WHAT, ask, ask_for_person, button, replies, reply, take, waiting

Student = Callable[..., Page]
TOOLS = ("Chat", "Answers", "Canned", "Notes", "More", "End")
looks = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


def tool(page: Page, name: str) -> None:
    """On a phone one tool shows at a time; on a desktop all do."""
    page.get_by_role("navigation", name="Tools").get_by_role("link", name=re.compile(f"^{name}")).click()


def a_canned_reply(page: Page, title: str) -> None:
    page.goto(re.sub("/desk.*", "/desk/canned", page.url))
    new = page.locator("form[action='/desk/canned'], form:not([action])").last
    new.get_by_label("Title").fill(title)
    new.get_by_label("English").fill("Come to room 12.")
    new.get_by_label("Spanish").fill("Ven al salón 12.")
    new.get_by_role("button", name="Keep").click()


@looks
def test_axe_finds_nothing_in_any_tool_nor_in_what_it_leads_to(student: Student, staff: StaffPage, look: dict[str, object]) -> None:
    mark = f"tools {look['color_scheme']}"
    chat = student()
    ask(chat, WHAT)
    ask_for_person(chat, f"xxyy zzqq {mark}")
    page = staff("advisor", **look, reduced_motion="reduce")
    a_canned_reply(page, mark.title())
    page.goto(re.sub("/desk.*", "/desk/queue", page.url))
    found = {"queue": faults(page)}
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    found["shortcuts"] = faults(page)
    page.keyboard.press("Escape")
    take(page, mark)
    page.get_by_label("New note", exact=False).evaluate("node => node.closest('form').scrollIntoView()")
    for name in TOOLS:
        if page.get_by_role("navigation", name="Tools").is_visible():
            tool(page, name)
        found[name] = faults(page)
        assert sideways(page) == 0, name
    for summary in page.locator(".message summary:visible").all():
        summary.click()
    found["why"] = faults(page)
    page.goto(page.url.split("#")[0] + "#notes")
    page.get_by_label("New note").fill("Her brother asked the same.")
    button(page, "Keep note").click()
    found["noted"] = faults(page)
    page.goto(page.url.split("#")[0] + "#more")
    page.get_by_label("New label").fill("Letters")
    button(page, "Add").click()
    found["labelled"] = faults(page)
    page.goto(page.url.split("#")[0] + "#end")
    page.get_by_label("How it ended").select_option("Question answered")
    button(page, "Close").click()
    found["recent"] = faults(page)
    page.locator(".lines li", has_text=mark).get_by_role("link").click()
    expect(button(page, "Open it again")).to_be_visible()
    found["closed"] = faults(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_closed_chat_is_opened_again_and_the_student_reads_on(student: Student, staff: StaffPage) -> None:
    chat, page = student(), staff("advisor")
    ask_for_person(chat, "sunrise, closed too early")
    take(page, "closed too early")
    button(page, "Close").click()
    expect(chat.get_by_role("status")).to_contain_text("This conversation has ended.")
    page.locator(".lines li", has_text="closed too early").get_by_role("link").click()
    button(page, "Open it again").click()
    expect(chat.get_by_role("status")).to_contain_text("Maria Lopez has joined.")
    expect(page.locator("[data-found]")).not_to_be_empty()  # the page's script is at work
    reply(page, "One thing I forgot.")
    expect(chat.locator("li.message.advisor")).to_contain_text("One thing I forgot.")


def test_each_tool_of_a_phone_is_reached_and_left_by_keyboard_with_the_focus_in_sight(student: Student, staff: StaffPage) -> None:
    ask_for_person(student(), "trail start, tools by keyboard")
    page = staff("advisor", viewport=PHONE, reduced_motion="reduce")
    a_canned_reply(page, "By keyboard")
    page.goto(re.sub("/desk.*", "/desk/queue", page.url))
    take(page, "tools by keyboard")
    wanted = {"Answers": "Words", "Canned": "Words", "Notes": "New note", "More": "New label", "End": "How it ended"}
    for name, field in wanted.items():
        page.get_by_role("navigation", name="Tools").get_by_role("link", name=re.compile(f"^{name}")).focus()
        page.keyboard.press("Enter")
        reached = False
        for _ in range(12):
            page.keyboard.press("Tab")
            stop = focused(page)
            assert stop and (stop["outlined"], stop["seen"]) == (True, True), (name, stop)
            reached = reached or field in stop["name"]
            if reached:
                break
        assert reached, name


def test_from_the_queue_to_a_sent_suggestion_are_three_presses(student: Student, staff: StaffPage) -> None:
    chat, page = student(), staff("advisor")
    ask_for_person(chat, "how much is the sunrise grant, three presses")
    expect(waiting(page, "three presses")).to_be_visible()
    while waiting(page, "three presses").count():  # others of this module may wait before
        button(page, "Take the first in line").click()  # 1
        expect(page.locator("[data-found]")).not_to_be_empty()
        if page.locator(".message", has_text="three presses").count():
            break
        page.goto(re.sub("/desk.*", "/desk/queue", page.url))
    page.locator("[data-suggest] .found").get_by_role("button").first.click()  # 2
    button(page, "Send").click()  # 3
    expect(chat.locator("li.message.advisor")).to_be_visible()


def test_why_an_answer_was_given_is_told_without_false_certainty(student: Student, staff: StaffPage) -> None:
    chat, page = student(), staff("advisor")
    ask(chat, WHAT)
    expect(replies(chat)).to_have_count(2)
    ask_for_person(chat, "sunrise, but why")
    waiting(page, "but why").get_by_role("link").click()
    why = page.locator(".message.bot details", has_text="Why this answer").first
    why.locator("summary").click()
    expect(why).to_contain_text("Matched the phrasing")
    expect(why).to_contain_text(re.compile(r"Is this topic meant\?.*in 100"))
    assert not re.search(r"100 ?%|\bsure\b", page.locator("body").inner_text())


def test_after_a_suggestion_or_a_note_the_end_of_the_chat_is_in_sight_and_so_is_the_note(student: Student, staff: StaffPage) -> None:
    ask_for_person(student(), "sunrise amount, in sight")
    phone = staff("advisor", viewport=PHONE)
    take(phone, "in sight")
    tool(phone, "Answers")
    phone.locator("[data-suggest] .found").get_by_role("button").first.click()
    expect(phone.get_by_label("Your reply")).to_be_focused()
    expect(phone.locator("li.message").last).to_be_in_viewport()
    desk_page = staff("advisor", re.sub(".*/desk", "/desk", phone.url.split("#")[0]))
    expect(desk_page.locator(".found li").first).to_be_visible()
    desk_page.get_by_label("New note").fill("Her brother asked the same.")
    button(desk_page, "Keep note").click()
    expect(desk_page.locator("#notes li")).to_be_in_viewport()
    expect(desk_page.locator("li.message").last).to_be_in_viewport()
