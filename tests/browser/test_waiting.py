"""The student always sees where she stands: in line, out of hours, with a person, at the end. Against the fake desk."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Visit
from tests.browser.people import ask, button, person
from tests.browser.widget_fake_server import FakeServer

OPENS = (dt.datetime.now(dt.timezone(dt.timedelta(hours=5))) + dt.timedelta(days=2)).replace(hour=17, minute=0, second=0, microsecond=0)
"""By the clock of an office far from the device's zone."""
CLOSED = {"position": 1, "minutes": None, "open": False, "opens_at": OPENS.isoformat(), "on_duty": 0, "by_email": True, "contact": None}


def wait_for_a_person(page: Page) -> None:
    ask(page, "hello")
    expect(page.locator("li.message.bot")).to_have_count(2)
    person(page).click()
    expect(button(page, "Stop waiting")).to_be_visible()


def test_place_and_expected_wait_are_told_and_follow_the_line(visit: Visit, server: FakeServer) -> None:
    page = visit()
    wait_for_a_person(page)
    status = page.locator(".status")
    expect(status).to_have_text("Waiting for a person. You are number 2 in line. It should take about 5 minutes. You can keep asking here.")
    server.desk.tell(server.desk.latest, "state", state="waiting", wait={**server.desk.wait, "position": 1, "minutes": 1})
    expect(status).to_have_text("Waiting for a person. You are number 1 in line. It should take about a minute. You can keep asking here.")
    expect(page.locator(".contact")).to_be_hidden()


def test_a_waiting_student_keeps_asking_and_keeps_her_place(visit: Visit) -> None:
    page = visit()
    wait_for_a_person(page)
    ask(page, "what is running start")
    expect(page.locator("li.message.answered")).to_be_visible()
    expect(page.locator(".status")).to_contain_text("You are number 2 in line.")
    page.reload()
    expect(page.locator(".status")).to_contain_text("You are number 2 in line.")


def test_in_office_hours_with_nobody_there_that_is_said(visit: Visit, server: FakeServer) -> None:
    server.desk.wait |= {"on_duty": 0, "minutes": None}
    page = visit()
    wait_for_a_person(page)
    expect(page.locator(".status")).to_have_text("Waiting for a person. No advisor is at the desk just now. You can keep asking here.")


def test_out_of_hours_it_says_when_and_an_address_may_be_left_and_taken_back(visit: Visit, server: FakeServer) -> None:
    server.desk.wait = dict(CLOSED)
    page = visit()
    wait_for_a_person(page)
    expect(page.locator(".status")).to_contain_text(f"Advisors are back on {OPENS.strftime('%A, %B')} {OPENS.day} at 5:00")
    address = page.get_by_label("Your e-mail address")
    expect(address).to_be_visible()
    expect(address).to_have_accessible_description("Used for this reply only.")
    address.fill("ana@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The reply will also go to ana@example.org.")).to_be_focused()
    expect(page.get_by_text("Did you mean")).to_be_hidden()
    assert server.desk.wait["contact"] == "a•••@example.org"
    page.reload()
    expect(page.get_by_text("The reply will also go to a•••@example.org.")).to_be_visible()
    button(page, "Remove").click()
    expect(address).to_be_focused()
    assert server.desk.wait["contact"] is None


def test_what_is_no_address_is_said_beside_the_field_and_kept_to_be_mended(visit: Visit, server: FakeServer) -> None:
    server.desk.wait = dict(CLOSED)
    page = visit()
    wait_for_a_person(page)
    address = page.get_by_label("Your e-mail address")
    for wrong in ("ana", "ana@example.invalid"):
        address.fill(wrong)
        button(page, "Save").click()
        expect(page.get_by_text("This does not look like an e-mail address.")).to_be_visible()
        expect(address).to_be_focused()
        expect(address).to_have_attribute("aria-invalid", "true")
        expect(address).to_have_value(wrong)
    assert server.desk.wait["contact"] is None


def test_a_likely_typo_is_kept_and_asked_about(visit: Visit, server: FakeServer) -> None:
    server.desk.wait = dict(CLOSED)
    page = visit()
    wait_for_a_person(page)
    page.get_by_label("Your e-mail address").fill("ana@gmial.com")
    page.keyboard.press("Enter")
    asked = page.get_by_text("Did you mean ana@gmail.com?")
    expect(asked).to_be_focused()
    expect(page.get_by_text("The reply will also go to ana@gmial.com.")).to_be_visible()
    assert server.desk.wait["contact"] == "a•••@gmial.com"  # whoever leaves now has left it
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The reply will also go to ana@gmail.com.")).to_be_focused()
    expect(asked).to_be_hidden()
    assert server.desk.wait["contact"] == "a•••@gmail.com"


def test_an_address_that_looks_mistyped_and_is_right_stays_and_can_be_changed(visit: Visit, server: FakeServer) -> None:
    server.desk.wait = dict(CLOSED)
    page = visit()
    wait_for_a_person(page)
    address = page.get_by_label("Your e-mail address")
    address.fill("ana@gmial.com")
    button(page, "Save").click()
    button(page, "No, mine is right").click()
    expect(page.get_by_text("The reply will also go to ana@gmial.com.")).to_be_focused()
    expect(page.get_by_text("Did you mean")).to_be_hidden()
    button(page, "Change it").click()
    expect(address).to_be_focused()
    expect(address).to_have_value("ana@gmial.com")
    assert server.desk.wait["contact"] == "a•••@gmial.com"  # until another is saved
    address.fill("leo@example.org")
    button(page, "Save").click()
    expect(page.get_by_text("The reply will also go to leo@example.org.")).to_be_focused()
    assert server.desk.wait["contact"] == "l•••@example.org"


def test_in_office_hours_the_offer_of_e_mail_stays_small(visit: Visit, server: FakeServer) -> None:
    server.desk.wait["by_email"] = True
    page = visit()
    wait_for_a_person(page)
    expect(page.get_by_label("Your e-mail address")).to_be_hidden()
    page.get_by_text("Get the reply by e-mail too (optional)").click()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()


def test_an_advisor_sees_that_the_student_writes_and_only_then(visit: Visit, server: FakeServer) -> None:
    page = visit()
    wait_for_a_person(page)
    page.get_by_label("Your message").press_sequentially("is any")
    assert server.desk.typed == 0
    server.desk.tell(server.desk.latest, "state", state="with_advisor", advisor="Maria Lopez")
    expect(page.locator(".who")).to_have_text("You are talking with a person")
    expect(person(page)).to_have_attribute("aria-disabled", "true")
    with page.expect_response("**/typing"):
        page.get_by_label("Your message").press_sequentially("body there")
    assert server.desk.typed == 1


def test_a_closed_conversation_says_so_and_goes_on_when_she_writes(visit: Visit, server: FakeServer) -> None:
    page = visit()
    wait_for_a_person(page)
    server.desk.tell(server.desk.latest, "state", state="with_advisor", advisor="Maria Lopez")
    server.desk.tell(server.desk.latest, "state", state="closed")
    expect(page.locator(".status")).to_have_text("This conversation has ended. Write again any time.")
    server.desk.tell(server.desk.latest, "state", state="with_bot")
    ask(page, "one more thing")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: one more thing")
    expect(page.locator(".status")).to_be_empty()


def test_on_the_smallest_phone_the_answer_then_the_question_and_always_the_field_are_in_sight(open_context: Open, server: FakeServer) -> None:
    server.desk.wait = dict(CLOSED)
    page = open_context(viewport={"width": 320, "height": 568}).new_page()
    page.goto(server.url)
    expect(page.get_by_text("Ask me about paying for college")).to_be_in_viewport(ratio=0.5)
    wait_for_a_person(page)
    expect(page.locator("li.message").last).to_be_in_viewport()
    page.get_by_text("Get the reply by e-mail too (optional)").click()
    page.get_by_label("Your e-mail address").fill("ana@gmial.com")
    button(page, "Save").click()
    expect(page.get_by_text("Did you mean ana@gmail.com?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    expect(button(page, "Send")).to_be_in_viewport(ratio=1)
