"""The student widget in a real browser, against the fake desk of `widget_fake_server`."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import ask, button, until
from tests.browser.widget_fake_server import FakeServer


def texts(page: Page) -> list[str]:
    return page.locator("li.message .bubble").all_inner_texts()


# -- chat -----------------------------------------------------------------------------------------------------------------


def test_answer_shows_text_list_source_and_checked_date(visit: Visit) -> None:
    page = visit()
    ask(page, "what is running start")
    answer = page.locator("li.message.answered")
    expect(answer.locator("ul li").first).to_have_text("Tuition is free, up to a limit.")
    expect(answer.locator(".sources")).to_contain_text("checked on October 2, 2026")
    link = answer.get_by_role("link", name=re.compile("OSPI: Running Start"))
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(answer.get_by_role("link", name="360-725-6000")).to_have_attribute("href", "tel:+13607256000")
    expect(page.locator("li.student .delivery")).to_have_text("Sent")


def test_what_is_typed_stays_text(visit: Visit) -> None:
    page = visit()
    ask(page, "<img src=x onerror=alert(1)> javascript:alert(2)")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: <img src=x")
    assert page.locator("advising-chat img, advising-chat a[href^=javascript]").count() == 0


def test_reply_is_announced_once_in_its_language(visit: Visit) -> None:
    page = visit()
    ask(page, "becas")
    said = page.locator("[aria-live=polite] p", has_text="College Bound")
    expect(said).to_have_count(1)
    expect(said).to_have_attribute("lang", "es")
    expect(page.locator("li.message.answered")).to_have_attribute("lang", "es")


def test_history_is_not_announced_after_reload(visit: Visit) -> None:
    page = visit()
    ask(page, "what is running start")
    expect(page.locator("li.message.answered")).to_be_visible()
    page.reload()
    expect(page.locator("li.message.answered")).to_be_visible()
    expect(page.locator("[aria-live=polite] p")).to_have_count(0)


def test_choice_is_sent_and_the_others_are_closed(visit: Visit, server: FakeServer) -> None:
    page = visit()
    ask(page, "when is the deadline")
    button(page, "When is the WASFA due?").click()
    expect(page.locator("li.student").last).to_contain_text("When is the WASFA due?")
    expect(button(page, "When is the FAFSA due?")).to_be_disabled()
    expect(button(page, "When is the WASFA due?")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: When is the WASFA due?")
    assert [m["text"] for m in server.desk.latest["messages"] if m["sender"] == "student"] == ["when is the deadline", "When is the WASFA due?"]


def test_a_program_card_says_pay_length_cost_source_and_day_and_the_text_does_not_say_it_again(visit: Visit) -> None:
    page = visit()
    ask(page, "electrician near me")
    card = page.get_by_role("listitem").filter(has_text="Electrical Apprenticeship (Columbia Basin)").last
    for name, value in (("Pay while you learn", "Yes, it is a paid job"), ("How long", "Often 1 to 5 years"), ("Cost", "Washington College Grant")):
        expect(card.get_by_role("term").filter(has_text=name).locator("xpath=following-sibling::dd")).to_contain_text(value)
    expect(card.get_by_role("link")).to_have_attribute("href", "https://wsac.wa.gov/wcg-apprentices")
    expect(card.locator(".card-foot")).to_contain_text("checked on November 23, 2026")
    expect(card.get_by_text("Leads to", exact=True)).to_be_hidden()
    card.get_by_text("More about it").click()
    expect(card.get_by_text("Electrician, middle pay $62,350 a year (United States, 2024)")).to_be_visible()
    expect(page.locator("li.message.pathway .bubble > p").first).to_have_text(re.compile(r"^Here is what I found"))
    assert page.get_by_text("Electrical Apprenticeship (Columbia Basin)").count() == 1


def test_a_card_of_an_older_desk_shows_its_lines(visit: Visit, server: FakeServer) -> None:
    page = visit()
    ask(page, "hello")
    answer = {"status": "pathway", "sources": [], "cards": [{"title": "Welding", "lines": ["Paid from day one"], "link": None}]}
    expect(page.locator("li.message.bot")).to_have_count(2)
    server.desk.add(server.desk.latest, sender="bot", text="One program:", answer=answer)
    expect(page.locator(".card")).to_contain_text("Paid from day one")
    expect(page.locator("li.message.pathway .bubble")).to_contain_text("One program:")


def test_a_comparison_is_a_table_and_each_value_is_named_on_a_phone(visit: Visit) -> None:
    page = visit()
    ask(page, "compare")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Middle pay", exact=True))
    expect(row.get_by_role("cell").first).to_contain_text("$93,600 a year (United States, 2024)")
    expect(row.locator(".column-name").first).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(row.locator(".column-name").first).to_be_hidden()
    expect(page.get_by_role("columnheader", name="Electrician")).to_be_visible()


def test_a_checklist_ticks_what_is_done_opens_where_the_student_is_and_goes_where_she_asks(visit: Visit, server: FakeServer) -> None:
    page = visit()
    ask(page, "my checklist")
    expect(page.get_by_text("1 of 10 steps done")).to_be_visible()
    steps = page.locator(".step")
    expect(steps.nth(0)).to_contain_text("Done: Check that the FAFSA is your form")
    expect(steps.nth(1)).to_have_attribute("aria-current", "step")
    expect(steps.nth(1).get_by_text("Have ready")).to_be_visible()
    expect(steps.nth(1).get_by_role("button", name="Done, next step")).to_be_visible()
    expect(button(page, "Go to step 4")).to_be_hidden()
    steps.nth(3).locator("summary").click()
    button(page, "Go to step 4").click()
    expect(page.locator("li.student").last).to_contain_text("Go to step 4")
    ask(page, "my checklist")
    expect(page.locator(".plan:visible")).to_have_count(1)


def test_feedback_with_a_word(visit: Visit, server: FakeServer) -> None:
    page = visit()
    ask(page, "what is running start")
    button(page, "Was this helpful? No").click()
    page.get_by_label("What was missing?").fill("the fees")
    button(page, "Send comment").click()
    expect(page.get_by_text("Thank you!")).to_be_visible()
    until(page, lambda: page.evaluate("!Object.keys(localStorage).some((key) => key.includes('outbox/'))"))
    seq = server.desk.latest["messages"][-1]["seq"]
    assert server.desk.feedback == [{"seq": seq, "helpful": False}, {"seq": seq, "helpful": False, "comment": "the fees"}]


def test_person_joins_and_is_named(visit: Visit, server: FakeServer) -> None:
    page = visit()
    ask(page, "hello")
    expect(page.locator("li.message.bot")).to_have_count(2)
    button(page, "Talk to a person").click()
    status = page.locator("[role=status]")
    expect(status).to_contain_text("You are number 2 in line.")
    conversation = server.desk.latest
    server.desk.tell(conversation, "state", state="with_advisor", advisor="Maria Lopez")
    server.desk.tell(conversation, "typing", sender="advisor")
    expect(status).to_contain_text("Maria Lopez has joined.")
    expect(page.locator(".typing")).to_contain_text("Maria Lopez is writing")
    server.desk.add(conversation, sender="advisor", text="Hi, this is Maria.", author="Maria Lopez")
    expect(page.locator("li.message.advisor")).to_contain_text("Hi, this is Maria.")
    expect(page.locator(".typing")).to_be_hidden()
    server.desk.tell(conversation, "state", state="closed")
    expect(status).to_contain_text("This conversation has ended.")


def test_waiting_can_be_stopped(visit: Visit) -> None:
    page = visit()
    button(page, "Talk to a person").click()
    expect(button(page, "Stop waiting")).to_be_visible()
    page.wait_for_timeout(1_000)
    button(page, "Stop waiting").click()
    expect(button(page, "Talk to a person")).to_be_enabled()
    expect(page.locator("[role=status]")).to_be_empty()


def test_a_press_that_lands_while_the_button_turns_does_not_stop_the_wait(visit: Visit) -> None:
    page = visit()
    button(page, "Talk to a person").click()
    button(page, "Stop waiting").click()
    page.wait_for_timeout(1_000)
    expect(button(page, "Stop waiting")).to_be_visible()
    expect(page.locator("[role=status]")).to_contain_text("Waiting for a person.")


# -- nothing lost, nothing doubled -------------------------------------------------------------------------------------------


def test_reload_keeps_conversation_and_draft(visit: Visit) -> None:
    page = visit()
    ask(page, "one")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: one")
    page.get_by_label("Your message").fill("half a thought")
    before = texts(page)
    page.reload()
    expect(page.locator("li.message.bot").last).to_contain_text("You said: one")
    assert texts(page) == before
    expect(page.get_by_label("Your message")).to_have_value("half a thought")


def test_server_restart_while_sending(visit: Visit, server: FakeServer) -> None:
    page = visit()
    ask(page, "first")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: first")
    server.stop()
    for text in ("second", "third", "fourth"):
        ask(page, text)
    expect(page.locator("li.student .delivery", has_text="Kept here, not sent yet")).to_have_count(3)
    expect(page.locator("[role=status]")).to_contain_text("No connection right now.")
    server.start()
    expect(page.locator("li.message.bot").last).to_contain_text("You said: fourth", timeout=30_000)
    expect(page.locator("[role=status]")).to_be_empty()
    assert texts(page)[1:] == [word for text in ("first", "second", "third", "fourth") for word in (text, f"You said: {text}")]


def test_unsent_message_survives_reload_during_outage(visit: Visit, server: FakeServer, context: BrowserContext) -> None:
    page = visit()
    context.route("**/api/**", lambda route: route.abort())
    ask(page, "do not lose me")
    expect(page.locator("li.student .delivery")).to_have_text("Kept here, not sent yet")
    page.reload()
    expect(page.locator("li.student")).to_contain_text("do not lose me")
    context.unroute("**/api/**")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: do not lose me", timeout=30_000)
    assert len(server.desk.conversations) == 1


def test_answer_lost_on_the_way_does_not_double(visit: Visit, server: FakeServer) -> None:
    page = visit()
    server.desk.lose_answers = 2
    ask(page, "once only")
    expect(page.locator("li.student .delivery")).to_have_text("Sent", timeout=15_000)
    page.wait_for_timeout(1_500)
    assert texts(page)[1:] == ["once only", "You said: once only"]


def test_polling_where_streams_are_refused(visit: Visit, server: FakeServer) -> None:
    server.desk.refuse_streams = True
    page = visit()
    ask(page, "hello")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: hello", timeout=10_000)
    server.desk.add(server.desk.latest, sender="advisor", text="Polled.")
    expect(page.locator("li.message.advisor")).to_contain_text("Polled.", timeout=10_000)


def test_two_tabs_show_the_same_once(visit: Visit) -> None:
    first = visit()
    ask(first, "from the first")
    expect(first.locator("li.message.bot").last).to_contain_text("You said: from the first")
    second = visit()
    expect(second.locator("li.message.bot").last).to_contain_text("You said: from the first")
    ask(second, "from the second")
    ask(first, "again the first")
    for page in (first, second):
        expect(page.locator("li.message.bot")).to_have_count(4)
    assert sorted(texts(first)) == sorted(texts(second))
    assert len(set(texts(first))) == 7


def test_conversation_gone_starts_anew_and_keeps_the_message(visit: Visit, server: FakeServer) -> None:
    page = visit()
    ask(page, "before")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: before")
    server.desk.conversations.clear()
    ask(page, "after")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: after", timeout=15_000)
    assert [m["text"] for m in server.desk.latest["messages"] if m["sender"] == "student"] == ["after"]
    expect(page.locator("li.message", has_text="before")).to_have_count(0)


def test_refused_message_says_why_and_can_be_edited(visit: Visit) -> None:
    page = visit()
    ask(page, "x" * 2001)
    expect(page.locator("li.student.failed")).to_contain_text("Not sent. This message is too long.")
    button(page, "Edit").click()
    expect(page.get_by_label("Your message")).to_have_value("x" * 2001)
    expect(page.locator("li.student")).to_have_count(0)


# -- language, menu ------------------------------------------------------------------------------------------------------------


def test_spanish_at_any_time(visit: Visit) -> None:
    page = visit()
    ask(page, "hello")
    expect(page.locator("li.message.bot")).to_have_count(2)
    button(page, "Cambiar a español").click()
    expect(page.get_by_role("heading", name="Asistente de orientación")).to_be_visible()
    expect(button(page, "Hablar con una persona")).to_be_visible()
    expect(page.locator("li.message.bot").last).to_contain_text("Dijiste: Español")
    expect(button(page, "Switch to English")).to_be_focused()
    page.reload()
    expect(page.get_by_label("Tu mensaje")).to_be_visible()


def test_spanish_page(visit: Visit) -> None:
    page = visit("/?language=es")
    expect(page.get_by_label("Tu mensaje")).to_be_visible()
    button(page, "¿Cómo lleno la WASFA?").click()
    expect(page.locator("li.message.bot").last).to_contain_text("Dijiste: ¿Cómo lleno la WASFA?")


def test_download_and_delete(visit: Visit, server: FakeServer) -> None:
    page = visit()
    ask(page, "hello")
    expect(page.locator("li.message.bot")).to_have_count(2)
    button(page, "More options").click()
    with page.expect_download() as download:
        button(page, "Download my conversation").click()
    assert re.fullmatch(r"conversation-[\d-]+\.json", download.value.suggested_filename)
    button(page, "More options").click()
    button(page, "Delete my conversation").click()
    button(page, "Delete it").click()
    expect(page.locator("[role=status]")).to_have_text("Your conversation was deleted.")
    assert server.desk.conversations == {}
    assert page.locator("li.message").count() == 0


def test_a_conversation_the_office_must_keep_says_so_in_the_desks_words(visit: Visit, server: FakeServer) -> None:
    server.desk.on_hold = "The office must keep this conversation for now."
    page = visit()
    ask(page, "hello")
    expect(page.locator("li.message.bot")).to_have_count(2)
    button(page, "More options").click()
    button(page, "Delete my conversation").click()
    button(page, "Delete it").click()
    expect(page.locator("[role=status]")).to_have_text("The office must keep this conversation for now.")
    assert page.locator("li.message").count() > 0


# -- reach ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(320, 640), (320, 256), (640, 400)], ids=str)
def test_narrow_and_zoomed_pages_do_not_scroll_sideways(visit: Visit, size: tuple[int, int]) -> None:
    page = visit()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for text in ("what is running start", "compare", "electrician", "checklist", "w" * 300):
        ask(page, text)
    expect(page.locator("li.message.bot")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert (
        page.evaluate(
            "(() => { const log = document.querySelector('advising-chat').shadowRoot.querySelector('.log'); return log.scrollWidth - log.clientWidth })()"
        )
        == 0
    )


def test_keyboard_alone_is_enough(visit: Visit) -> None:
    page = visit("/embed")
    page.keyboard.press("Tab")  # the page's own link
    page.keyboard.press("Tab")
    expect(button(page, "Open chat")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.type("when is the deadline")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("please")
    page.keyboard.press("Enter")
    expect(page.locator("li.student")).to_contain_text("when is the deadline\nplease")
    expect(button(page, "None of these")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".notice").get_by_role("link", name="What we keep")).to_be_focused()
    walk = ["Talk to a person", "None of these", "When is the WASFA due?", "When is the FAFSA due?"]
    for name in walk:
        page.keyboard.press("Shift+Tab")
        expect(button(page, name)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("log")).to_be_focused()
    for name in ("Close chat", "More options"):
        page.keyboard.press("Shift+Tab")
        expect(button(page, name)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(button(page, "Download my conversation")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button(page, "More options")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button(page, "Open chat")).to_be_focused()


def test_embedded_on_another_site(context: BrowserContext, server: FakeServer) -> None:
    page = context.new_page()
    page.goto(f"http://localhost:{server.port}/school")
    page.evaluate("addEventListener('advising-chat:message', ({ detail }) => (window.heard = detail.message.text))")
    button(page, "Open chat").click()
    ask(page, "hello")
    expect(page.locator("li.message.bot").last).to_contain_text("You said: hello")
    until(page, lambda: page.evaluate("window.heard === 'You said: hello'"))


def test_fallback_without_script(browser: Browser, server: FakeServer) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server.url)
        expect(page.get_by_text("The chat did not open.")).to_be_visible()
