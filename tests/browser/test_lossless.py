"""Nothing is lost and nothing doubled on a phone's bad day: no network, sleep, a stream that died unseen, a killed desk. Real desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Open
from tests.browser.desk_server import DeskServer
from tests.browser.people import WHAT, WHAT_ANSWER, ask, button, replies

LATER_MS = 30_000
TOP = "node => node.getBoundingClientRect().top"


@pytest.fixture
def desk(prepared: Path, tmp_path: Path) -> Iterator[DeskServer]:
    """A desk of one's own, to be killed."""
    server = DeskServer(Path(shutil.copy(prepared, tmp_path / "desk.db"))).start()
    yield server
    server.stop()


@pytest.fixture
def phone(open_context: Open) -> BrowserContext:
    return open_context()


def opened(phone: BrowserContext, desk: DeskServer) -> Page:
    page = phone.new_page()
    page.goto(desk.url)
    return page


def said(page: Page) -> list[str]:
    """What the student said, in the order of the log."""
    return page.locator("li.student .bubble").all_inner_texts()


def test_without_a_network_messages_are_kept_and_go_out_in_order_when_it_is_back(phone: BrowserContext, desk: DeskServer) -> None:
    page = opened(phone, desk)
    ask(page, WHAT)
    expect(replies(page).last).to_contain_text(WHAT_ANSWER)
    phone.set_offline(True)
    expect(page.get_by_role("status").first).to_contain_text("No connection right now.")
    for text in ("sunrise amount", "sunrise last day", "sunrise step by step"):
        ask(page, text)
    expect(page.locator("li.student .delivery", has_text="Kept here, not sent yet")).to_have_count(3)
    phone.set_offline(False)
    expect(page.locator("li.message.checklist")).to_be_visible(timeout=LATER_MS)
    assert said(page) == [WHAT, "sunrise amount", "sunrise last day", "sunrise step by step"]
    expect(page.locator(".status")).to_be_empty()


def test_a_page_that_slept_catches_up_when_it_wakes(phone: BrowserContext, desk: DeskServer) -> None:
    sleeper, awake = opened(phone, desk), opened(phone, desk)
    ask(sleeper, WHAT)
    expect(replies(awake).last).to_contain_text(WHAT_ANSWER)
    lid = phone.new_cdp_session(sleeper)
    lid.send("Page.setWebLifecycleState", {"state": "frozen"})
    ask(awake, "sunrise amount")
    expect(replies(awake)).to_have_count(3)
    desk.stop()
    desk.start()  # the stream it slept on is gone
    lid.send("Page.setWebLifecycleState", {"state": "active"})
    expect(replies(sleeper)).to_have_count(3, timeout=LATER_MS)
    assert said(sleeper) == [WHAT, "sunrise amount"]


def test_a_stream_that_opens_and_never_speaks_does_not_leave_the_page_in_the_dark(phone: BrowserContext, desk: DeskServer) -> None:
    """As behind a proxy that holds streams back, or on a telephone that cut the connection in a pocket."""
    page = opened(phone, desk)
    ask(page, WHAT)
    expect(replies(page).last).to_contain_text(WHAT_ANSWER)
    other = opened(phone, desk)
    page.bring_to_front()
    phone.new_cdp_session(page).send("Network.enable")
    page.route("**/events", lambda route: None)  # a new stream opens and never speaks
    page.evaluate("dispatchEvent(new Event('online'))")
    ask(other, "sunrise amount")
    expect(replies(other)).to_have_count(3)
    page.unroute("**/events")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(replies(page)).to_have_count(3, timeout=5_000)


def test_two_tabs_write_while_the_desk_is_killed_twice_and_show_the_same_once(phone: BrowserContext, desk: DeskServer) -> None:
    first, second = opened(phone, desk), opened(phone, desk)
    ask(first, WHAT)
    expect(replies(second).last).to_contain_text(WHAT_ANSWER)
    wanted = [WHAT]
    for number in range(4):
        if number % 2 == 0:
            desk.stop()
        page = (first, second)[number % 2]
        ask(page, f"sunrise amount {number}")
        wanted.append(f"sunrise amount {number}")
        if number % 2:
            desk.start()
            for page in (first, second):
                expect(page.locator("li.student")).to_have_count(len(wanted), timeout=LATER_MS)
    for page in (first, second):
        expect(page.locator("li.student .delivery", has_text="Kept here")).to_have_count(0, timeout=LATER_MS)
        expect(replies(page)).to_have_count(len(wanted) + 1, timeout=LATER_MS)
        assert sorted(said(page)) == sorted(wanted)
    assert said(first) == said(second)


def test_closed_in_the_middle_of_an_outage_it_is_sent_on_the_next_visit(phone: BrowserContext, desk: DeskServer) -> None:
    page = opened(phone, desk)
    ask(page, WHAT)
    expect(replies(page).last).to_contain_text(WHAT_ANSWER)
    desk.stop()
    ask(page, "sunrise amount")
    expect(page.get_by_text("Kept here, not sent yet")).to_be_visible()
    page.close()
    desk.start()
    again = opened(phone, desk)
    expect(replies(again)).to_have_count(3, timeout=LATER_MS)
    assert said(again) == [WHAT, "sunrise amount"]


def test_a_checklist_is_gone_on_with_after_a_question_in_between_and_a_reload(phone: BrowserContext, desk: DeskServer) -> None:
    page = opened(phone, desk)
    ask(page, "sunrise step by step")
    button(page, "Done, next step").click()
    expect(page.get_by_text("1 of 3 steps done")).to_be_visible()
    ask(page, WHAT)
    expect(replies(page).last).to_contain_text(WHAT_ANSWER)
    page.reload()
    button(page, "Done, next step").click()
    expect(page.get_by_text("2 of 3 steps done")).to_be_visible()
    expect(page.locator(".plan:visible")).to_have_count(1)


def test_steps_ticked_in_any_order_by_keyboard_are_ticked_after_a_reload(phone: BrowserContext, desk: DeskServer) -> None:
    page = opened(phone, desk)
    ask(page, "sunrise step by step")
    page.get_by_role("checkbox", name="Wait for the letter").focus()
    page.keyboard.press("Space")
    box = page.get_by_role("checkbox", name="Wait for the letter")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(page.get_by_text("1 of 3 steps done")).to_be_visible()
    expect(page.locator(".step.current:visible")).to_contain_text("Make an account")
    expect(page.locator("li.message.checklist").last).to_contain_text("Step 1 of 3: Make an account")
    expect(page.locator("li.message.checklist:visible")).to_have_count(1)
    page.reload()
    expect(box).to_be_checked()
    box.click()
    expect(box).not_to_be_checked()
    expect(page.locator(".plan:visible .progress")).to_have_text("0 of 3 steps done")


def test_a_list_gone_through_changes_in_place_and_a_question_in_between_stays(phone: BrowserContext, desk: DeskServer) -> None:
    page = opened(phone, desk)
    ask(page, "sunrise step by step")
    lists, own = page.locator("li.message.checklist:visible"), page.locator("li.student:visible")
    top = page.locator(".plan:visible").evaluate(TOP)
    for done in (1, 2):
        button(page, "Done, next step").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".plan:visible .progress")).to_have_text(f"{done} of 3 steps done")
        expect(button(page, "Done, next step")).to_be_focused()
        expect(lists).to_have_count(1)
        expect(own).to_have_count(1)
        assert page.locator(".plan:visible").evaluate(TOP) == pytest.approx(top, abs=40)  # the line above it may be a row shorter
    ask(page, WHAT)
    expect(replies(page).last).to_contain_text(WHAT_ANSWER)
    button(page, "Done, next step").click()
    expect(page.locator(".plan:visible .progress")).to_have_text("3 of 3 steps done")
    expect(own).to_have_count(3)  # what was asked, what was asked in between, and the press that came after
    page.reload()
    expect(page.locator(".plan:visible .progress")).to_have_text("3 of 3 steps done")
    expect(own).to_have_count(3)
