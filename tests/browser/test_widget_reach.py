"""Everybody can use the chat in every state it can be in: axe, keyboard, zoom, contrast, motion. Against the fake desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import LOOKS, faults, focused, sideways
from tests.browser.conftest import ARGUMENTS, Open, chromium
from tests.browser.people import ask, button, person, until
from tests.browser.test_waiting import CLOSED
from tests.browser.widget_fake_server import FakeServer

Step = Callable[[Page, FakeServer], None]


def says(text: str, shown: str) -> Step:
    def step(page: Page, server: FakeServer) -> None:
        ask(page, text)
        expect(page.locator(shown).last).to_be_visible()

    return step


def opens_everything(page: Page, server: FakeServer) -> None:
    for summary in page.locator("summary:visible").all():
        if not summary.evaluate("node => node.parentElement.open"):
            summary.click()


def gives_no(page: Page, server: FakeServer) -> None:
    button(page, "Was this helpful? No").last.click()
    expect(page.get_by_label("What was missing?")).to_be_visible()


def is_refused(page: Page, server: FakeServer) -> None:
    ask(page, "x" * 2001)
    expect(page.locator("li.student.failed")).to_be_visible()
    button(page, "Try again").click()
    expect(page.locator("li.student.failed")).to_be_visible()


def is_cut_off(page: Page, server: FakeServer) -> None:
    server.stop()
    ask(page, "are you there")
    expect(page.get_by_text("Kept here, not sent yet")).to_be_visible()


def is_back(page: Page, server: FakeServer) -> None:
    server.start()
    expect(page.get_by_text("Kept here, not sent yet")).to_have_count(0, timeout=30_000)


def opens_menu(page: Page, server: FakeServer) -> None:
    button(page, "More options").click()


def is_asked_before_deleting(page: Page, server: FakeServer) -> None:
    button(page, "Delete my conversation").click()
    expect(page.get_by_role("dialog", name="Delete this conversation?")).to_be_visible()


def keeps_it(page: Page, server: FakeServer) -> None:
    button(page, "Keep it").click()


def waits(page: Page, server: FakeServer) -> None:
    server.desk.wait["by_email"] = True
    person(page).click()
    expect(page.locator(".status.waiting")).to_be_visible()


def waits_out_of_hours(page: Page, server: FakeServer) -> None:
    server.desk.tell(server.desk.latest, "state", state="with_bot")
    expect(page.locator(".status")).to_be_empty()
    server.desk.tell(server.desk.latest, "state", state="waiting", wait=CLOSED)
    expect(page.get_by_label("Your e-mail address")).to_be_visible()


def leaves_a_wrong_address(page: Page, server: FakeServer) -> None:
    page.get_by_label("Your e-mail address").fill("ana")
    button(page, "Save").click()
    expect(page.get_by_text("This does not look like an e-mail address.")).to_be_visible()


def leaves_a_mistyped_address(page: Page, server: FakeServer) -> None:
    page.get_by_label("Your e-mail address").fill("ana@gmial.com")
    button(page, "Save").click()
    expect(page.get_by_text("Did you mean ana@gmail.com?")).to_be_visible()


def says_it_is_right(page: Page, server: FakeServer) -> None:
    button(page, "No, mine is right").click()
    expect(page.get_by_text("The reply will also go to ana@gmial.com.")).to_be_visible()


def reads_an_announcement(page: Page, server: FakeServer) -> None:
    server.desk.add(server.desk.latest, sender="system", text="The financial aid office is closed today. Call 988 if you are in danger.")
    expect(page.locator("li.message.system")).to_be_visible()


def thanks_for_the_answer(page: Page, server: FakeServer) -> None:
    button(page, "Was this helpful? Yes").last.click()
    expect(page.get_by_text("Thank you!").last).to_be_visible()


def ticks_a_step(page: Page, server: FakeServer) -> None:
    """The stand-in never answers with the next list, so the press stays under way."""
    page.locator(".plan:visible").get_by_role("checkbox").nth(4).click()
    expect(page.locator("[aria-busy]")).to_be_visible()


def talks_with_an_advisor(page: Page, server: FakeServer) -> None:
    server.desk.tell(server.desk.latest, "state", state="with_advisor", advisor="Maria Lopez")
    server.desk.add(server.desk.latest, sender="advisor", text="Hi, this is Maria.", author="Maria Lopez")
    expect(page.locator("li.message.advisor")).to_be_visible()
    server.desk.tell(server.desk.latest, "typing", sender="advisor")
    expect(page.locator(".typing")).to_be_visible()


def is_closed(page: Page, server: FakeServer) -> None:
    server.desk.tell(server.desk.latest, "state", state="closed")
    expect(page.locator(".status.closed")).to_be_visible()


def speaks_spanish(page: Page, server: FakeServer) -> None:
    server.desk.tell(server.desk.latest, "state", state="with_bot")
    button(page, "Cambiar a español").click()
    expect(page.get_by_label("Tu mensaje")).to_be_visible()
    expect(page.locator("li.message.bot").last).to_contain_text("Dijiste: Español")


STATES: dict[str, Step] = {
    "empty": lambda page, server: expect(page.get_by_label("Your message")).to_be_visible(),
    "answer": says("what is running start", "li.message.answered"), "comment": gives_no, "choices": says("when is the deadline", "li.message.clarify"),
    "not covered": says("the moon", "li.message.not_covered"), "announcement": reads_an_announcement,
    "cards": says("electrician near me", ".card"), "cards open": opens_everything, "table": says("compare", "table"),
    "checklist": says("my checklist", ".step"), "checklist open": opens_everything, "thanks": thanks_for_the_answer, "step ticked": ticks_a_step, "crisis": says("it is hopeless", "li.message.crisis"),
    "refused": is_refused, "offline": is_cut_off, "back": is_back, "menu": opens_menu, "deleting": is_asked_before_deleting, "kept": keeps_it,
    "waiting": waits, "out of hours": waits_out_of_hours, "wrong address": leaves_a_wrong_address,
    "mistyped address": leaves_a_mistyped_address, "address kept": says_it_is_right, "advisor": talks_with_an_advisor,
    "closed": is_closed, "spanish": speaks_spanish,
}  # fmt: skip


@pytest.fixture(params=LOOKS)
def page(request: pytest.FixtureRequest, open_context: Open) -> Page:
    """Without motion, or axe would meet a message while it fades in."""
    return open_context(**LOOKS[request.param], reduced_motion="reduce").new_page()


def test_axe_finds_nothing_in_any_state_of_the_chat(page: Page, server: FakeServer) -> None:
    page.goto(server.url)
    found = {}
    for name, step in STATES.items():
        step(page, server)
        found[name] = faults(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_axe_finds_nothing_on_a_page_with_the_floating_chat_closed_and_open(page: Page, server: FakeServer) -> None:
    page.goto(f"{server.url}/embed")
    expect(button(page, "Open chat")).to_be_visible()
    assert faults(page) == []
    button(page, "Open chat").click()
    expect(page.get_by_label("Your message")).to_be_visible()
    assert faults(page) == []


RICH = ("what is running start", "electrician near me", "compare", "my checklist", "when is the deadline")


def converse(page: Page) -> None:
    for count, text in enumerate(RICH, start=2):
        ask(page, text)
        expect(page.locator("li.message.bot")).to_have_count(count)


def test_tab_goes_everywhere_in_order_is_always_seen_and_never_caught(open_context: Open, server: FakeServer) -> None:
    page = open_context(**LOOKS["phone-light"]).new_page()
    page.goto(server.url)
    converse(page)
    page.reload()
    expect(page.locator("li.message.bot")).to_have_count(len(RICH) + 1)
    stops: list[str] = []
    while len(stops) < 90:
        page.keyboard.press("Tab")
        stop = focused(page)
        if stop is None:
            break
        assert (stop["outlined"], stop["seen"], stop["large"]) == (True, True, True), stop
        stops.append(stop["name"])
    order = ["Skip to the chat", "Cambiar a español", "More options", "Conversation", "Was this helpful? Yes", "More about it", "To do: Make a StudentAid.gov account", "Done, next step",
             "When is the FAFSA due?", "None of these", "Talk to a person", "What we keep", "Your message", "Send"]  # fmt: skip
    places = [next(at for at, name in enumerate(stops) if wanted in name) for wanted in order]
    assert places == sorted(places), stops


def test_the_question_before_deleting_is_read_out_and_the_safe_answer_has_the_focus(open_context: Open, server: FakeServer) -> None:
    page = open_context().new_page()
    page.goto(server.url)
    ask(page, "hello")
    expect(page.locator("li.message.bot")).to_have_count(2)
    opens_menu(page, server)
    is_asked_before_deleting(page, server)
    dialog = page.get_by_role("dialog", name="Delete this conversation?")
    expect(dialog).to_have_accessible_description("It is removed from this device and from our records, and it cannot be brought back.")
    expect(button(page, "Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button(page, "More options")).to_be_focused()
    assert len(server.desk.conversations) == 1


@pytest.fixture(scope="module")
def large_letters(browser: Browser) -> Iterator[Browser]:
    """A browser whose owner has set letters to twice their size."""
    launched = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, "--blink-settings=defaultFontSize=32"])
    yield launched
    launched.close()


@pytest.mark.parametrize("size", [(390, 844), (640, 700), (1280, 800)], ids=str)
def test_with_letters_twice_as_large_nothing_is_cut_off_or_covered(large_letters: Browser, server: FakeServer, size: tuple[int, int]) -> None:
    page = large_letters.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(server.url)
    converse(page)
    assert sideways(page) == 0
    log = page.get_by_role("log")
    assert log.evaluate("node => node.scrollWidth - node.clientWidth") == 0
    assert log.evaluate("node => node.clientHeight") >= 200
    send, panel = button(page, "Send").bounding_box(), page.locator(".panel").bounding_box()
    assert send and panel
    assert send["x"] + send["width"] <= size[0]
    assert send["y"] + send["height"] <= panel["y"] + panel["height"]
    page.close()


IN_SIGHT = """node => {
  const { top, bottom } = node.getBoundingClientRect();
  const cover = document.querySelector("advising-chat").shadowRoot.querySelector(".composer").getBoundingClientRect().top;
  return top >= 0 && bottom <= cover + 1;
}"""


@pytest.mark.parametrize(("language", "field"), [("en", "Your message"), ("es", "Tu mensaje")])
def test_on_the_smallest_phone_who_is_asked_for_an_address_still_reads_the_chat(
    open_context: Open, server: FakeServer, language: str, field: str
) -> None:
    server.desk.wait = dict(CLOSED)
    page = open_context(viewport={"width": 320, "height": 568}, reduced_motion="reduce").new_page()
    page.goto(f"{server.url}/?language={language}")
    ask(page, "hello", field)
    expect(page.locator("li.message.bot")).to_have_count(2)
    page.locator("button.human").click()
    contact, log = page.locator(".contact"), page.get_by_role("log")
    contact.locator("summary").click()
    for address, told in (("ana", ".contact .reason"), ("ana@gmial.com", ".contact .doubt")):
        contact.locator("input").fill(address)
        contact.locator("form button").click()
        expect(page.locator(told)).to_be_visible()
        assert log.evaluate("node => node.clientHeight") >= 120
        until(page, lambda told=told: page.locator(told).evaluate(IN_SIGHT))  # type: ignore[misc]
    assert sideways(page) == 0 and faults(page) == []


def test_who_wants_less_motion_gets_none(open_context: Open, server: FakeServer) -> None:
    names = {}
    for motion in ("no-preference", "reduce"):
        page = open_context(reduced_motion=motion).new_page()
        page.goto(server.url)
        ask(page, "hello")
        names[motion] = page.locator("li.message").first.evaluate("node => getComputedStyle(node).animationName")
    assert names == {"no-preference": "arrive", "reduce": "none"}


def test_in_high_contrast_each_side_and_each_button_keeps_its_edge(open_context: Open, server: FakeServer) -> None:
    page = open_context(forced_colors="active").new_page()
    page.goto(server.url)
    converse(page)
    for edge in (".student .bubble", ".send", ".choice", ".step.done .mark", ".card", ".human", "progress"):
        width = page.locator(edge).first.evaluate("node => getComputedStyle(node).borderTopWidth")
        assert float(width.removesuffix("px")) >= 1, edge
    assert faults(page) == []


def test_every_message_is_announced_once_with_its_sender_and_never_the_students_own(open_context: Open, server: FakeServer) -> None:
    page = open_context().new_page()
    page.goto(server.url)
    page.locator("[aria-live=polite]").evaluate(
        "node => { node.heard = []; new MutationObserver((all) => all.forEach(({ addedNodes }) => addedNodes.forEach((p) => node.heard.push(p.textContent)))).observe(node, { childList: true }) }"
    )
    ask(page, "hello")
    expect(page.locator("li.message.bot")).to_have_count(2)
    ask(page, "when is the deadline")
    expect(page.locator("li.message.clarify")).to_be_visible()
    heard = page.locator("[aria-live=polite]").evaluate("node => node.heard")
    assert [text.split(":")[0] for text in heard] == ["Assistant"] * 3
    assert heard[1].strip() == "Assistant: You said: hello"
    assert heard[2].endswith("3 choices to pick from.")
