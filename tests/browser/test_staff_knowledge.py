"""What staff do with what students asked and what is known: a miss becomes an answer, a conversation is judged, a table comes back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults, sideways
from tests.browser.conftest import DESKTOP, PHONE, StaffPage
from tests.browser.people import WHAT, ask, button, replies

Student = Callable[..., Page]
NARROW = {"width": 320, "height": 640}
widths = pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP], ids=["narrow", "phone", "desktop"])

GOOD = "id,about,as_of\nsunrise_amount,Most a year for anyone,2026-27\n"
BAD = "id,type,value,checked_on\nsunrise_amount,amount,7395,soon\nNew One,money,3,2026-13-45\n"


def asks(page: Page, text: str) -> None:
    before = replies(page).count()
    ask(page, text)
    expect(replies(page)).not_to_have_count(before)


def upload(page: Page, text: str, stem: str = "facts") -> None:
    form = page.locator(f"form[action='/desk/exchange/{stem}']")
    form.locator("input[type=file]").set_input_files({"name": "facts-2027.csv", "mimeType": "text/csv", "buffer": text.encode()})
    form.get_by_role("button", name="See what would change").click()


def test_a_missed_question_gets_its_answer_by_one_press_and_the_student_hears_of_it(student: Student, staff: StaffPage) -> None:
    page, question = student(), "plugh dough wobblewick"
    asks(page, question)
    desk_page = staff("editor", "/desk/misses")
    desk_page.get_by_role("link", name=re.compile(question)).click()
    assert faults(desk_page) == []
    desk_page.get_by_label("Search entries").fill("sunrise cost")
    desk_page.get_by_role("button", name="Search").click()
    desk_page.get_by_role("radio", name=re.compile("How much is the Sunrise Grant")).check()
    button(desk_page, "Publish: give them this answer").click()
    expect(desk_page.get_by_text("Live. The next student who asks gets this answer.")).to_be_visible()
    expect(desk_page.get_by_text("As wanted")).to_be_visible()
    assert faults(desk_page) == []
    expect(page.get_by_text("$7,395").first).to_be_visible()
    another = student()
    asks(another, question)
    expect(replies(another).last).to_contain_text("$7,395")
    desk_page.goto(desk_page.url.split("/desk/")[0] + f"/desk/regression?q={question}")
    expect(desk_page.get_by_text("by editor@example.org")).to_be_visible()


def test_an_unticked_question_takes_its_line_along_and_a_search_keeps_what_was_chosen(student: Student, staff: StaffPage) -> None:
    page = student()
    for word in ("mauve", "ochre"):
        asks(page, f"grombulate the {word} snurfle dough")
    desk_page = staff("editor", "/desk/misses")
    desk_page.get_by_role("link", name=re.compile("snurfle")).click()
    lines = desk_page.locator("textarea[name=phrasings_en]")
    assert "mauve" in lines.input_value() and "ochre" in lines.input_value()
    desk_page.get_by_role("checkbox", name=re.compile("ochre")).uncheck()
    expect(lines).not_to_have_value(re.compile("ochre"))
    assert "mauve" in lines.input_value()
    desk_page.get_by_label("Search entries").fill("sunrise cost")
    desk_page.keyboard.press("Enter")
    expect(desk_page.get_by_text("found for “sunrise cost”")).to_be_visible()
    expect(desk_page.get_by_role("checkbox", name=re.compile("ochre"))).not_to_be_checked()
    assert "ochre" not in lines.input_value()
    desk_page.wait_for_load_state()
    desk_page.get_by_role("checkbox", name=re.compile("ochre")).check()
    assert "ochre" in lines.input_value()
    assert faults(desk_page) == []


def test_what_takes_a_while_says_what_is_being_done_and_is_sent_once(staff: StaffPage) -> None:
    page = staff("editor", "/desk/regression")
    sent: list[str] = []

    def hold(route):  # type: ignore[no-untyped-def]
        sent.append(route.request.url)
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/desk/regression/run", hold)
    ask_all = page.get_by_role("button", name=re.compile("Ask all"))
    ask_all.evaluate("(pressed) => { pressed.click(); pressed.click(); }")
    expect(page.get_by_role("heading", name=re.compile("are answered right"))).to_be_visible()
    assert len(sent) == 1
    assert faults(page) == []


def test_the_words_of_a_long_work_stand_beside_the_button(staff: StaffPage) -> None:
    page = staff("editor", "/desk/regression")
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")  # so that the page stays
    page.get_by_role("button", name=re.compile("Ask all")).click()
    expect(page.locator(".working")).to_contain_text(re.compile(r"Asking \d+ questions"))


def test_an_answer_is_judged_wrong_and_the_entry_that_should_have_answered_is_named(student: Student, staff: StaffPage) -> None:
    page = student()
    asks(page, WHAT)
    advisor = staff("advisor", "/desk/review")
    advisor.get_by_role("link", name=re.compile(WHAT)).first.click()
    assert faults(advisor) == []
    advisor.get_by_role("link", name=re.compile("Should have been")).first.click()
    advisor.get_by_label("Search entries").fill("sunrise deadline")
    advisor.get_by_role("button", name="Search").click()
    advisor.get_by_role("radio", name=re.compile("When")).first.check()
    advisor.get_by_label("A word to the editors").fill("They asked for the day.")
    assert faults(advisor) == []
    advisor.get_by_role("button", name=re.compile("^Wrong")).click()
    expect(advisor.get_by_text("They asked for the day.")).to_be_visible()
    editor = staff("editor", "/desk/misses?why=marked")
    expect(editor.get_by_role("link", name=re.compile(WHAT))).to_be_visible()


@widths
def test_insight_is_read_without_a_mouse_or_colours_and_fits(student: Student, staff: StaffPage, viewport: dict[str, int]) -> None:
    page = staff("admin", "/desk/insight", viewport=viewport)
    expect(page.get_by_role("heading", name="Insight", exact=True)).to_be_visible()
    for summary in page.locator("main summary").all()[:4]:
        summary.focus()
        page.keyboard.press("Enter")
    assert sideways(page) <= 0
    assert faults(page) == []


@widths
def test_a_table_comes_back_with_its_faults_by_row_or_what_it_would_change(staff: StaffPage, viewport: dict[str, int]) -> None:
    page = staff("editor", "/desk/exchange", viewport=viewport)
    upload(page, BAD)
    row = page.get_by_role("row", name=re.compile("^2 checked_on"))
    expect(row).to_contain_text("is not a day; write it as")
    expect(page.get_by_role("row", name=re.compile("^3 type"))).to_contain_text("“money” is none of")
    assert (sideways(page) <= 0, faults(page)) == (True, [])
    page.get_by_role("link", name="upload it again").click()
    upload(page, GOOD)
    expect(page.locator("ins").first).to_contain_text("anyone")
    assert (sideways(page) <= 0, faults(page)) == (True, [])


def test_a_table_is_published_and_its_change_is_in_the_history(staff: StaffPage) -> None:
    page = staff("editor", "/desk/exchange")
    with page.expect_download() as started:
        page.locator("a[href='/desk/exchange/facts.csv']").click()
    text = started.value.path().read_text(encoding="utf-8-sig")
    upload(page, text.replace("Most a year,", "Most in a school year,"))
    expect(page.get_by_text("1 changed")).to_be_visible()
    page.get_by_label("Why").fill("clearer")
    button(page, "Publish it").click()
    expect(page.get_by_role("status").first).to_contain_text("1 of Facts published.")
    page.goto(page.url.split("/desk/")[0] + "/desk/knowledge/fact/sunrise_amount")
    expect(page.locator(".history li").first).to_contain_text("clearer")


@pytest.mark.parametrize("who", ["advisor", "editor", "admin"])
@pytest.mark.parametrize(
    "viewport", [NARROW, PHONE, {"width": 1000, "height": 700}, {"width": 1200, "height": 800}, DESKTOP], ids=lambda v: v["width"]
)
def test_the_bar_is_one_row_and_its_menu_reaches_every_page(staff: StaffPage, who: str, viewport: dict[str, int]) -> None:
    page = staff(who, "/desk/misses", viewport=viewport)
    bar = page.locator("header.bar").bounding_box()
    assert bar is not None and bar["height"] < 64 and sideways(page) <= 0
    for name in ("Menu", "Manage"):
        if button(page, name).is_visible():
            button(page, name).press("Enter")
    expect(page.get_by_role("link", name="Freshness")).to_be_visible()
    if who == "admin":
        expect(page.get_by_role("link", name="Retention")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    if button(page, "Menu").is_visible():
        expect(page.get_by_role("link", name="Freshness")).to_be_hidden()


def test_only_the_english_was_changed_is_said_beside_the_text(staff: StaffPage) -> None:
    page = staff("editor", "/desk/knowledge/entry/trail_start.cost")
    tick, answer = page.get_by_role("checkbox", name=re.compile("The Spanish still says the same")), page.get_by_label("Answer, English")
    below, above = tick.bounding_box(), answer.bounding_box()
    assert below is not None and above is not None
    assert 0 <= below["y"] - (above["y"] + above["height"]) < 80
