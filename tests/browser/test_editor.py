"""Writing at the desk: what follows the typing, a question tried, two editors at once, words kept, a step moved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, StaffPage
from tests.browser.people import button
from tests.browser.test_reach import faults, sideways

ENTRY = "/desk/knowledge/entry/trail_start.requirements"
OTHER = "/desk/knowledge/entry/sunrise_grant.deadline"
CHECKLIST = "/desk/knowledge/checklist/sunrise_steps"


def preview(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("[data-preview] li.message")


def test_the_message_and_what_speaks_about_it_follow_the_typing(staff: StaffPage) -> None:
    page = staff("advisor", ENTRY)
    expect(preview(page)).to_contain_text("You need good grades.")
    expect(page.get_by_text("Nothing speaks against publishing it.")).to_be_visible()
    page.get_by_label("Answer, English").fill("Your grades count. See {no_such_fact}.")
    expect(preview(page)).to_contain_text("Your grades count.")
    expect(page.get_by_text("there is no such fact")).to_be_visible()
    page.locator("[data-preview]").get_by_role("button", name="Spanish").click()
    expect(preview(page)).to_contain_text("Pide buenas notas.")
    page.get_by_label("Answer, English").fill("You need good grades. The average must be {trail_gpa} or more.")
    expect(page.get_by_text("Nothing speaks against publishing it.")).to_be_visible()


def test_a_question_is_tried_on_unsaved_words(staff: StaffPage) -> None:
    page = staff("editor", ENTRY)
    ways = page.get_by_label("Ways students ask this, English")
    ways.fill(f"{ways.input_value()}\nzorble quux points")
    page.get_by_role("textbox", name="Question", exact=True).fill("zorble quux points")
    button(page, "Ask").click()
    expect(page.locator("[data-tried]")).to_contain_text("Would be: trail_start.requirements")
    expect(page.locator("[data-tried] table")).to_contain_text("nearest “zorble quux points”")


def test_two_editors_at_once_lose_nothing(staff: StaffPage) -> None:
    first, second = staff("editor", OTHER), staff("admin", OTHER)
    second.get_by_label("Answer, English").fill("Mine, in English.")
    second.get_by_label("Question, English").fill("When is Sunrise due?")
    first.get_by_label("Answer, English").fill("Theirs, in English.")
    first.get_by_label("Answer, Spanish").fill("Suyo, en español.")
    button(first, "Save draft").click()
    expect(first.get_by_role("status").first).to_contain_text("The draft is saved.")
    button(second, "Save draft").click()
    expect(second.get_by_role("heading", name="Somebody else changed this meanwhile")).to_be_visible()
    assert faults(second) == []
    second.get_by_role("radio", name=re.compile("Theirs")).check()
    button(second, "Join them in the form").click()
    expect(second.get_by_label("Answer, English")).to_have_value("Theirs, in English.")
    expect(second.get_by_label("Answer, Spanish")).to_have_value("Suyo, en español.")
    expect(second.get_by_label("Question, English")).to_have_value("When is Sunrise due?")
    button(second, "Save draft").click()
    expect(second.get_by_role("status").first).to_contain_text("The draft is saved.")


def test_words_not_saved_are_offered_again(staff: StaffPage) -> None:
    page = staff("editor", ENTRY)
    page.get_by_label("Answer, English").fill("Half a thought")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(page.url)
    expect(page.get_by_label("Answer, English")).not_to_have_value("Half a thought")
    button(page, "Bring them back").click()
    expect(page.get_by_label("Answer, English")).to_have_value("Half a thought")


def test_a_step_is_moved_and_a_source_is_found_by_its_title(staff: StaffPage) -> None:
    page = staff("editor", CHECKLIST)
    titles = page.locator("[name^='steps.'][name$='.title.en']")
    first = titles.first.input_value()
    page.get_by_role("button", name=re.compile("^Move down")).first.click()
    expect(titles.nth(1)).to_have_value(first)
    adder = page.get_by_label("Add to sources")
    adder.fill("trail")
    offered = page.locator("datalist option[value='trail_site']")
    expect(offered).to_have_count(1)
    adder.fill("trail_site")
    expect(page.get_by_label(re.compile("^Sources"))).to_have_value(re.compile("trail_site"))


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 640}, DESKTOP], ids=["phone", "narrow", "desktop"])
def test_the_editor_fits_and_axe_finds_nothing_while_a_question_is_tried(staff: StaffPage, viewport: dict[str, int]) -> None:
    page = staff("editor", ENTRY, viewport=viewport)
    expect(preview(page)).to_be_visible()
    page.get_by_role("textbox", name="Question", exact=True).fill("what grades do i need")
    button(page, "Ask").click()
    expect(page.locator("[data-tried] table")).to_be_visible()
    assert sideways(page) <= 0
    assert faults(page) == []
