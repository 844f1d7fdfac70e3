"""What editors and admins do on their pages."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, StaffPage
from tests.browser.desk_server import DeskServer
from tests.browser.people import WHAT, ask, button, replies

Student = Callable[..., Page]


def test_an_edited_answer_is_what_the_next_question_gets(student: Student, staff: StaffPage) -> None:
    page, desk_page = student(), staff("editor", "/desk/knowledge")
    ask(page, "does trail start cost money")
    expect(replies(page).last).to_contain_text("The classes are free.")
    desk_page.get_by_label("Words").fill("trail start cost")
    desk_page.get_by_role("button", name="Find").click()
    desk_page.get_by_role("link", name=re.compile("Does Trail Start cost money")).click()
    desk_page.get_by_label("Answer, English").fill("Classes cost nothing. Books are lent to you.")
    desk_page.get_by_label("Answer, Spanish").fill("Las clases no cuestan. Los libros se prestan.")
    desk_page.get_by_label("Why this change").fill("Books are lent since this year.")
    button(desk_page, "Publish").click()
    expect(desk_page.get_by_role("status").first).to_contain_text("Published.")
    ask(page, "how much does trail start cost")
    expect(replies(page).last).to_contain_text("Books are lent to you.")
    expect(desk_page.locator(".history li").first).to_contain_text("Books are lent since this year.")


def test_an_editor_lands_on_knowledge_and_is_kept_out_of_the_queue(staff: StaffPage) -> None:
    page = staff("editor")
    expect(page).to_have_url(re.compile("/desk/knowledge$"))
    page.goto(page.url.replace("/knowledge", "/queue"))
    expect(page.get_by_text("This page is for the role advisor")).to_be_visible()
    page.get_by_role("link", name="Go back").click()
    expect(page.get_by_role("heading", name="Knowledge", exact=True)).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_the_address(open_context: Open, desk: DeskServer) -> None:
    page = open_context().new_page()
    page.goto(f"{desk.url}/desk/queue")
    page.get_by_label("E-mail").fill("second@example.org")
    page.get_by_label("Password").fill("not the password")
    button(page, "Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("E-mail or password is wrong.")
    expect(page.get_by_label("E-mail")).to_have_value("second@example.org")
    expect(page.get_by_label("Password")).to_be_focused()


def test_an_admin_makes_an_account_that_can_sign_in_and_switches_it_off(staff: StaffPage, open_context: Open, desk: DeskServer) -> None:
    page = staff("admin", "/desk/accounts")
    page.get_by_label("Name").fill("Noor Haddad")
    page.get_by_label("E-mail").fill("noor@example.org")
    page.get_by_role("radio", name=re.compile("Editor")).check()
    button(page, "Make the account").click()
    expect(page.get_by_role("status")).to_contain_text("Noor Haddad can sign in now")
    password = page.locator("code").inner_text()
    newcomer = open_context().new_page()
    newcomer.goto(f"{desk.url}/desk")
    newcomer.get_by_label("E-mail").fill("noor@example.org")
    newcomer.get_by_label("Password").fill(password)
    button(newcomer, "Sign in").click()
    expect(newcomer.get_by_role("heading", name="Choose your password")).to_be_visible()
    more = page.locator("summary", has_text="Noor Haddad")
    more.click()
    button(page, "Switch off Noor Haddad").click()
    more.click()
    expect(button(page, "Switch on Noor Haddad")).to_be_visible()
    newcomer.reload()
    expect(newcomer.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_account_that_exists_is_refused_in_plain_words(staff: StaffPage) -> None:
    page = staff("admin", "/desk/accounts")
    page.get_by_label("Name").fill("Maria Again")
    page.get_by_label("E-mail").fill("advisor@example.org")
    button(page, "Make the account").click()
    expect(page.get_by_role("alert")).to_contain_text("There already is an account for advisor@example.org.")
    expect(page.get_by_label("Name")).to_have_value("Maria Again")


def test_the_audit_log_tells_who_did_what_and_that_it_is_whole(staff: StaffPage) -> None:
    staff("advisor")
    page = staff("admin", "/desk/audit?q=signed")
    expect(page.get_by_text("The log is whole")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=re.compile(r"advisor@example\.org\s*Signed in")).first).to_be_visible()


def test_an_address_that_does_not_exist_is_a_page_with_a_way_back(staff: StaffPage) -> None:
    page = staff("advisor", "/desk/conversations/none-of-that-name")
    expect(page.get_by_text("There is no such conversation.")).to_be_visible()
    page.goto(page.url.replace("/conversations/", "/nothing/"))
    expect(page.get_by_text("There is no page at this address.")).to_be_visible()


def test_the_widget_arrives_compressed_and_small(student: Student, desk: DeskServer) -> None:
    page = student("/privacy")
    sizes: dict[str, int] = {}
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto(desk.url)
    ask(page, WHAT)
    expect(replies(page)).to_have_count(2)
    scripts = {url: size for url, size in sizes.items() if "/widget/" in url}
    assert list(scripts) == [f"{desk.url}/widget/advising-chat.js"], "one script"
    assert sum(scripts.values()) <= 25_000
