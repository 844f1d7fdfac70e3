"""Nobody is at the desk: the student is told when somebody is, and may leave an address. The real desk."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.desk_server import DeskServer
from tests.browser.people import ask_for_person, button

IN_THREE_DAYS = (dt.datetime.now(ZoneInfo("America/Los_Angeles")) + dt.timedelta(days=3)).strftime("%a").lower()


@pytest.fixture
def desk(prepared: Path, tmp_path: Path) -> Iterator[DeskServer]:
    server = DeskServer(Path(shutil.copy(prepared, tmp_path / "desk.db")), OFFICE_HOURS=f"{IN_THREE_DAYS} 08:00-17:00").start()
    yield server
    server.stop()


def test_a_student_leaves_an_address_finds_it_again_and_takes_it_back(open_context: Open, desk: DeskServer) -> None:
    page = open_context().new_page()
    page.goto(desk.url)
    ask_for_person(page, "sunrise last day, at night")
    expect(page.locator(".status")).to_contain_text(re.compile(r"Advisors are back on \w+, \w+ \d+"))
    address = page.get_by_label("Your e-mail address")
    address.fill("ana@")
    button(page, "Save").click()
    expect(page.get_by_text("This does not look like an e-mail address.")).to_be_visible()
    address.fill("ana@hotmial.com")
    button(page, "Save").click()
    expect(page.get_by_text("The reply will also go to ana@hotmial.com. Did you mean ana@hotmail.com?")).to_be_visible()
    button(page, "Yes, use that").click()
    expect(page.get_by_text("The reply will also go to ana@hotmail.com.")).to_be_visible()
    button(page, "Change it").click()
    address.fill("ana@example.org")
    button(page, "Save").click()
    expect(page.get_by_text("The reply will also go to ana@example.org.")).to_be_visible()
    kept = page.get_by_text("The reply will also go to a…@example.org.")
    page.reload()
    expect(kept).to_be_visible()
    button(page, "Remove").click()
    expect(address).to_be_visible()
    page.reload()
    expect(address).to_be_visible()
