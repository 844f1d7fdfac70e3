"""axe finds nothing where several people meet: an announcement, passing a chat on, a crisis while nobody is at the desk. The real desk."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import LOOKS, faults, sideways
from tests.browser.conftest import StaffPage
from tests.browser.desk_server import DeskServer
from tests.browser.people import ask, ask_for_person, button, replies, take, until, waiting

Student = Callable[..., Page]
DEAN = "dean@example.org"
looks = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


@pytest.fixture(scope="module")
def desk(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk that tells somebody by e-mail, which in development is shown on its console."""
    server = DeskServer(Path(shutil.copy(prepared, tmp_path_factory.mktemp("told") / "desk.db")), CRISIS_EMAILS=DEAN).start()
    yield server
    server.stop()


def test_the_page_of_a_crisis_names_who_has_been_told(student: Student, staff: StaffPage, desk: DeskServer) -> None:
    """First in this module: nobody has opened a page of the desk yet, so nobody is on duty."""
    chat = student()
    ask(chat, "i want to kill myself")
    expect(chat.locator("li.message.crisis")).to_be_visible()
    until(chat, lambda: f"e-mail to {DEAN}" in (desk.folder / "desk.log").read_text())
    for look in LOOKS.values():
        page = staff("advisor", **look, reduced_motion="reduce")
        waiting(page, "kill myself").get_by_role("link").click()
        told = page.locator(".summary")
        expect(told).to_contain_text(f"Nobody was on duty then, so an e-mail went to {DEAN} (")
        expect(told).to_contain_text("On duty now: Maria Lopez.")
        assert faults(page) == []
        assert sideways(page) == 0


@looks
def test_passing_on_to_a_colleague_or_an_office(student: Student, staff: StaffPage, look: dict[str, object]) -> None:
    admin = staff("admin", "/desk/offices")
    if not admin.get_by_text("Financial aid", exact=True).count():
        admin.get_by_label("Name").fill("Financial aid")
        button(admin, "Make the office").click()
    staff("second")  # on duty while the page is open
    mark = f"trail start bus, {look['color_scheme']}"
    ask_for_person(student(), mark)
    page = staff("advisor", **look, reduced_motion="reduce")
    take(page, mark)
    page.goto(page.url.split("#")[0] + "#more")
    until(page, lambda: page.locator("#pass option", has_text="Sam Okafor").count() == 1 or page.reload() is None)
    form = page.locator("#pass")
    assert form.locator("optgroup").evaluate_all("groups => groups.map((group) => group.label)") == ["On duty now", "Offices"]
    form.get_by_label("To").select_option(label="Financial aid")
    form.get_by_label("Note for them").fill("Asks about the bus.")
    assert faults(page) == []
    assert sideways(page) == 0
    form.get_by_role("button", name="Pass on").click()
    row = waiting(page, mark)
    expect(row).to_contain_text("Financial aid")
    assert faults(page) == []


@looks
def test_an_announcement_at_the_desk_on_the_page_and_in_the_chat(student: Student, staff: StaffPage, look: dict[str, object]) -> None:
    admin = staff("admin", "/desk/announcement", **look, reduced_motion="reduce")
    assert faults(admin) == []
    admin.get_by_label("English").fill("The office is closed today.")
    admin.get_by_label("Spanish").fill("La oficina está cerrada hoy.")
    admin.get_by_label("Until").fill((dt.datetime.now() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    button(admin, "Tell everybody").click()
    expect(admin.get_by_role("heading", name="On now")).to_be_visible()
    assert faults(admin) == []
    for path in ("/", "/?language=es"):
        page = student(path, **look, reduced_motion="reduce")
        expect(page.locator(".announcement")).to_be_visible()
        assert faults(page) == []
        before = replies(page).count()
        ask(page, "sunrise grant", "Tu mensaje" if "es" in path else "Your message")
        expect(replies(page)).not_to_have_count(before)
        expect(page.locator("li.message.system")).to_contain_text("cerrada" if "es" in path else "closed")
        assert faults(page) == []
        assert sideways(page) == 0
    button(admin, "End it now").click()
    expect(admin.get_by_role("heading", name="Before")).to_be_visible()
    assert faults(admin) == []
