"""A student and an advisor in two browsers, and the real desk between them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Open, StaffPage
from tests.browser.desk_server import PASSWORD, DeskServer
from tests.browser.people import WHAT, WHAT_ANSWER, ask, ask_for_person, button, person, replies, reply, take, until, waiting

Student = Callable[..., Page]


def test_a_question_is_answered_with_its_source_and_the_day_it_was_checked(student: Student) -> None:
    page = student()
    ask(page, WHAT)
    answer = page.locator("li.message.answered")
    expect(answer).to_contain_text(WHAT_ANSWER)
    expect(answer.get_by_role("link", name=re.compile("Sunrise Council"))).to_have_attribute("href", "https://sunrise.example.org/")
    expect(answer.locator(".sources")).to_contain_text("checked on November 1, 2026")


def test_a_student_asks_for_a_person_and_an_advisor_answers_live(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask_for_person(page, "when is the sunrise grant due, live")
    take(desk_page, "due, live")
    expect(page.locator("[role=status]")).to_contain_text("Maria Lopez has joined.")
    reply(desk_page, "Hello, I am Maria. It is still open.")
    expect(page.locator("li.message.advisor")).to_contain_text("Hello, I am Maria.")
    ask(page, "thank you, what is trail start?")
    expect(desk_page.locator(".message.student").last).to_contain_text("thank you")
    expect(page.locator("li.message").last).to_contain_text("thank you")  # the program stays silent


def test_the_program_speaks_again_after_the_advisor_gives_it_back(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask_for_person(page, "how much is the sunrise grant, back")
    take(desk_page, "grant, back")
    expect(person(page)).to_have_attribute("aria-disabled", "true")
    button(desk_page, "Return to program").click()
    expect(person(page)).to_have_attribute("aria-disabled", "false")
    ask(page, WHAT)
    expect(replies(page).last).to_contain_text(WHAT_ANSWER)


def test_a_closed_conversation_says_so_and_opens_again_with_the_next_question(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask_for_person(page, "does trail start cost money, close")
    take(desk_page, "money, close")
    desk_page.get_by_role("button", name="Close").click()
    expect(page.locator("[role=status]")).to_contain_text("This conversation has ended.")
    ask(page, WHAT)
    expect(replies(page).last).to_contain_text(WHAT_ANSWER)


def test_the_student_sees_that_the_advisor_writes(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask_for_person(page, "what grades does trail start need, typing")
    take(desk_page, "need, typing")
    desk_page.get_by_label("Your reply").press_sequentially("Let me look")
    expect(page.locator(".typing")).to_contain_text("Maria Lopez is writing")


def test_a_second_advisor_is_told_who_was_first(student: Student, staff: StaffPage) -> None:
    page, first, second = student(), staff("advisor"), staff("second")
    ask_for_person(page, "is the sunrise grant free, two")
    for each in (first, second):
        waiting(each, "free, two").get_by_role("link").click()
        expect(button(each, "Take this conversation")).to_be_visible()
    second.evaluate("window.stop()")  # its page is stale: it has not heard that the other was quicker
    second.route("**/desk/queue/events", lambda route: route.abort())
    second.reload()
    button(first, "Take this conversation").click()
    expect(first.get_by_label("Your reply")).to_be_visible()
    button(second, "Take this conversation").click()
    expect(second.get_by_text(re.compile("Maria Lopez .*this conversation"))).to_be_visible()
    second.get_by_role("link", name="Go back").click()
    expect(second.get_by_text("Maria Lopez has this conversation. You can read along.")).to_be_visible()


BREAKS_OFF = """() => {
  const whole = window.fetch;
  window.fetch = async (...asked) => {
    window.fetch = whole;
    const answer = await whole(...asked);
    return Object.assign(answer, { text: () => Promise.reject(new TypeError("Failed to fetch")) });
  };
}"""


def test_an_answer_that_breaks_off_stops_no_later_message(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask_for_person(page, "is trail start for me, broken off")
    take(desk_page, "for me, broken off")
    desk_page.evaluate(BREAKS_OFF)
    ask(page, "the first word")
    expect(page.locator("li.message").last).to_contain_text("the first word")
    ask(page, "the second word")
    expect(desk_page.locator(".message.student").filter(has_text="the first word")).to_have_count(1)
    expect(desk_page.locator(".message.student").filter(has_text="the second word")).to_have_count(1)


def test_a_crisis_comes_first_in_the_queue_and_shows_in_the_title(student: Student, staff: StaffPage) -> None:
    desk_page = staff("advisor")
    ask_for_person(student(), "sunrise deadline, before")
    expect(waiting(desk_page, "deadline, before")).to_be_visible()
    in_danger = student()
    ask(in_danger, "i want to kill myself")
    expect(in_danger.locator("li.message.crisis")).to_contain_text("988")
    expect(desk_page.locator("[data-queue] li[data-chat]").first).to_contain_text("Crisis")
    expect(desk_page).to_have_title(re.compile(r"^⚠ \(\d+\) Queue"))
    expect(desk_page.locator("[data-waiting].crisis")).to_be_visible()


def test_what_an_advisor_has_not_seen_is_marked_new(student: Student, staff: StaffPage) -> None:
    desk_page = staff("advisor")
    ask_for_person(student(), "explain trail start, new")
    expect(waiting(desk_page, "start, new").get_by_text("New", exact=True)).to_be_visible()
    waiting(desk_page, "start, new").get_by_role("link").click()
    expect(button(desk_page, "Take this conversation")).to_be_visible()
    desk_page.wait_for_load_state()  # what has been seen is noted by the page's script; nobody reads in less time
    desk_page.goto(desk_page.url.split("/desk")[0] + "/desk/queue")
    expect(waiting(desk_page, "start, new").get_by_text("New", exact=True)).to_be_hidden()


def test_a_spanish_conversation_from_the_switch_to_the_suggested_answer(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask(page, WHAT)
    expect(replies(page)).to_have_count(2)
    button(page, "Cambiar a español").click()
    expect(replies(page).last).to_contain_text("La Beca Amanecer es dinero gratis.")
    ask(page, "¿de cuánto es la beca amanecer?", "Tu mensaje")
    person(page, "Hablar con una persona").click()
    take(desk_page, "de cuánto es")
    suggested = desk_page.locator("[data-suggest] .found li", has_text="¿Cuánto da la Beca Amanecer?")
    suggested.get_by_role("button").click()
    expect(desk_page.get_by_label("Your reply")).to_have_value(re.compile("Depende de lo que te falta"))
    desk_page.keyboard.press("Control+Enter")
    expect(page.locator("li.message.advisor")).to_contain_text("Depende de lo que te falta")
    expect(page.locator("li.message.advisor")).to_have_attribute("lang", "es")


def test_the_advisor_reads_in_short_what_happened(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask(page, WHAT)
    expect(replies(page)).to_have_count(2)
    ask_for_person(page, "will it rain tomorrow, in short")
    waiting(desk_page, "in short").get_by_role("link").click()
    summary = desk_page.locator(".summary")
    expect(summary).to_contain_text("What is the Sunrise Grant?")
    expect(summary).to_contain_text("Asked for a person")
    expect(summary.get_by_role("definition").filter(has_text="will it rain")).to_be_visible()


def test_a_half_written_reply_survives_a_reload(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask_for_person(page, "sunrise award size, draft")
    take(desk_page, "size, draft")
    desk_page.get_by_label("Your reply").fill("Half a thought")
    desk_page.reload()
    expect(desk_page.get_by_label("Your reply")).to_have_value("Half a thought")


# -- a desk that goes away ------------------------------------------------------------------------------------------------


@pytest.fixture
def own_desk(prepared: Path, tmp_path: Path) -> Iterator[DeskServer]:
    server = DeskServer(Path(shutil.copy(prepared, tmp_path / "desk.db"))).start()
    yield server
    server.stop()


def test_nothing_is_lost_or_doubled_while_the_desk_restarts(open_context: Open, own_desk: DeskServer) -> None:
    page = open_context().new_page()
    page.goto(own_desk.url)
    ask(page, WHAT)
    expect(replies(page)).to_have_count(2)
    own_desk.stop()
    ask(page, "does trail start cost money")
    expect(page.locator("[role=status]")).to_contain_text("No connection right now.")
    ask(page, "when is the sunrise grant due")
    own_desk.start()
    expect(page.locator("li.student")).to_have_count(3)
    expect(replies(page)).to_have_count(4, timeout=40_000)
    expect(replies(page).nth(2)).to_contain_text("The classes are free.")
    expect(replies(page).nth(3)).to_contain_text("Apply as soon as you can.")
    expect(page.locator("[role=status]")).to_be_empty()
    page.reload()
    expect(page.locator("li.student")).to_have_count(3)
    expect(replies(page)).to_have_count(4)


# -- advisors together ---------------------------------------------------------------------------------------------------


@pytest.fixture
def office(prepared: Path, tmp_path: Path, open_context: Open) -> Iterator[Callable[..., Page]]:
    """A desk whose office is closed all but one minute a week; pages of students and, signed in, of staff."""
    server = DeskServer(Path(shutil.copy(prepared, tmp_path / "desk.db")), OFFICE_HOURS="sun 03:00-03:01").start()

    def open_page(who: str = "", **options: Any) -> Page:
        page = open_context(**options).new_page()
        page.goto(f"{server.url}/desk" if who else server.url)
        if who:
            page.get_by_label("E-mail").fill(f"{who}@example.org")
            page.get_by_label("Password").fill(PASSWORD)
            button(page, "Sign in").click()
        return page

    yield open_page
    server.stop()


def test_out_of_hours_a_message_with_an_address_is_left_and_answered_when_the_advisor_is_back(office: Callable[..., Page]) -> None:
    page = office()
    ask_for_person(page, "sunrise payment day, closed")
    notice = page.locator("li.message.system").last
    expect(notice).to_contain_text("No advisor is here right now.")
    expect(notice).to_contain_text("Advisors are back on Sunday")
    ask(page, "please write to maya@example.org")
    expect(page.locator("li.message").last).to_contain_text("m…@example.org")
    desk_page = office("advisor", viewport=DESKTOP)
    expect(desk_page.get_by_text("Reply by e-mail")).to_be_visible()
    waiting(desk_page, "e-mail address removed").get_by_role("link").click()
    button(desk_page, "Take this conversation").click()
    reply(desk_page, "It is paid in September.")
    page.reload()
    expect(page.locator("li.message.advisor")).to_contain_text("It is paid in September.")


def test_a_canned_reply_is_written_once_and_put_into_a_reply_in_the_students_language(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor", "/desk/canned")
    desk_page.get_by_label("Title").fill("Office visit")
    desk_page.get_by_label("English").fill("Come to room 12 before 3 PM.")
    desk_page.get_by_label("Spanish").fill("Ven al salón 12 antes de las 3.")
    button(desk_page, "Keep").click()
    expect(desk_page.locator("summary", has_text="Office visit")).to_be_visible()
    ask_for_person(page, "trail start visit, canned")
    desk_page.get_by_role("link", name="Queue", exact=False).first.click()
    take(desk_page, "visit, canned")
    button(desk_page, "Put into reply: Office visit").click()
    expect(desk_page.get_by_label("Your reply")).to_have_value("Come to room 12 before 3 PM.")
    desk_page.keyboard.type(" Ask for me.")
    desk_page.keyboard.press("Control+Enter")
    expect(page.locator("li.message.advisor")).to_contain_text("Come to room 12 before 3 PM. Ask for me.")


def test_a_note_and_a_label_are_for_colleagues_and_never_reach_the_student(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask_for_person(page, "sunrise letter, note")
    take(desk_page, "letter, note")
    desk_page.get_by_label("New note").fill("Her brother asked the same last week.")
    button(desk_page, "Keep note").click()
    expect(desk_page.locator("#notes li")).to_contain_text("Her brother asked the same last week.")
    desk_page.get_by_label("New label").fill("Letters")
    button(desk_page, "Add").click()
    expect(desk_page.locator(".head .label")).to_have_text("letters")
    page.reload()
    expect(page.locator("li.message").last).to_be_visible()
    assert "brother" not in page.locator("body").inner_text()


def test_a_chat_is_passed_to_a_colleague_on_duty_who_answers(student: Student, staff: StaffPage) -> None:
    page, first, second = student(), staff("advisor"), staff("second")
    ask_for_person(page, "trail start bus, pass")
    take(first, "bus, pass")
    until(first, lambda: first.locator("#pass option", has_text="Sam Okafor").count() == 1 or first.reload() is None)
    first.locator("#pass select").select_option(label="Sam Okafor")
    first.get_by_label("Note for them").fill("Knows the bus lines.")
    button(first, "Pass on").click()
    expect(first).to_have_url(re.compile("/desk/queue$"))
    waiting(second, "bus, pass").get_by_role("link").click()
    expect(second.locator("#notes li")).to_contain_text("Knows the bus lines.")
    reply(second, "Hello, Sam here. Line 7 stops there.")
    expect(page.locator("li.message.advisor")).to_contain_text("Line 7 stops there.")
    expect(page.locator("[role=status]")).to_contain_text("Sam Okafor has joined.")


def test_the_advisor_sees_that_the_student_writes(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("advisor")
    ask_for_person(page, "sunrise age, writes")
    take(desk_page, "age, writes")
    expect(page.locator("[role=status]")).to_contain_text("has joined")
    page.get_by_label("Your message").press_sequentially("I wonder")
    expect(desk_page.locator("[data-typing]")).to_have_text("The student is writing…")


def test_an_advisor_who_is_away_is_not_counted_and_the_queue_can_be_filtered(student: Student, staff: StaffPage) -> None:
    desk_page = staff("advisor")
    ask_for_person(student(), "trail start map, filter")
    expect(waiting(desk_page, "map, filter")).to_be_visible()
    desk_page.locator(".filters summary").click()
    desk_page.get_by_label("Language").select_option("es")
    expect(desk_page).to_have_url(re.compile("language=es"))
    expect(waiting(desk_page, "map, filter")).to_have_count(0)
    desk_page.get_by_role("link", name="Show all").click()
    expect(waiting(desk_page, "map, filter")).to_be_visible()
    away = desk_page.get_by_role("button", name="You are available: change")
    away.click()
    expect(desk_page.get_by_role("button", name="You are away: change")).to_be_visible()
    desk_page.get_by_role("button", name="You are away: change").click()
    expect(away).to_be_visible()


def test_single_keys_work_the_desk_and_can_be_switched_off(student: Student, staff: StaffPage) -> None:
    desk_page = staff("advisor")
    ask_for_person(student(), "sunrise song, keys")
    expect(waiting(desk_page, "song, keys")).to_be_visible()
    desk_page.keyboard.press("?")
    help_box = desk_page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_box).to_be_visible()
    desk_page.keyboard.press("Escape")
    waiting(desk_page, "song, keys").get_by_role("link").focus()
    desk_page.keyboard.press("Enter")
    expect(button(desk_page, "Take this conversation")).to_be_visible()
    expect(desk_page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()  # the page's script is at work
    desk_page.keyboard.press("t")
    expect(desk_page.locator("[data-found]")).not_to_be_empty()
    desk_page.keyboard.press("n")
    expect(desk_page.get_by_label("New note")).to_be_focused()
    desk_page.keyboard.press("Escape")
    desk_page.keyboard.press("r")
    expect(desk_page.get_by_label("Your reply")).to_be_focused()
    desk_page.keyboard.type("t r n")  # in a field they are letters
    expect(desk_page.get_by_label("Your reply")).to_have_value("t r n")
    desk_page.keyboard.press("Escape")
    desk_page.keyboard.press("?")
    button(desk_page, "Shortcuts are on").click()
    desk_page.keyboard.press("Escape")
    desk_page.keyboard.press("q")
    expect(desk_page).to_have_url(re.compile("/desk/conversations/"))


def test_how_it_ended_is_kept_and_shown_among_the_recent(student: Student, staff: StaffPage) -> None:
    desk_page = staff("advisor")
    ask_for_person(student(), "trail start hat, ended")
    take(desk_page, "hat, ended")
    desk_page.get_by_label("How it ended").select_option("Question answered")
    button(desk_page, "Close").click()
    recent = desk_page.locator(".lines li", has_text="hat, ended")
    expect(recent).to_contain_text("Question answered")
