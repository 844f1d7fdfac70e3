"""The student always sees where she stands: in line, out of hours, with a person, at the end. Against the fake desk."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import ask, button, person
from tests.browser.widget_fake_server import FakeServer

OPENS = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).replace(hour=17, minute=0, second=0, microsecond=0)
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
    expect(page.locator(".status")).to_contain_text(f"Advisors are back on {OPENS.astimezone().strftime('%A, %B')}")
    address = page.get_by_label("Your e-mail address")
    expect(address).to_be_visible()
    expect(address).to_have_accessible_description("Used for this reply only.")
    address.fill("ana@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The reply will also go to a•••@example.org.")).to_be_focused()
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
