"""Cross-site scripting: hostile text in every field that can be written, then every page there is, read as a browser reads it."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from desk.conversations.model import Draft
from desk.guard import POLICY
from desk.wiring import Desk
from tests.integration.conftest import Browser, SignIn
from tests.integration.fakes import SetClock
from tests.integration.people import Staff, Student
from tests.integration.test_route_rules import DOORS, filled

PROBE = "<xss-probe onprobe=1>\"'><xss-probe onprobe=1></textarea></title></script><svg/onload=probe()> [x](javascript:probe()) javascript:probe() {{7*7}}"
"""Breaks out of text, of attributes in either quote, of a text area, a title, a script; Markdown, an address, a template."""


class Reader(HTMLParser):
    """Collects what a browser would run, or would follow, that is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("xss-probe", "iframe", "object", "embed", "base"):
            self.found.append(f"<{tag}>")
        named = dict(attributes)
        if tag == "script" and not (named.get("src") or "").startswith(("/static/", "/widget/")):
            self.found.append("a script of its own on the page")
        for name, value in attributes:
            address = re.sub(r"[\s\x00-\x20]", "", (value or "").lower())
            if name.startswith("on") or name == "style":
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction") and address.startswith(("javascript:", "data:", "vbscript:", "//")):
                self.found.append(f"{tag} {name}={value}")


def faults(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return reader.found


async def fill_everything(desk: Desk, student: Student, admin: Staff, clock: SetClock) -> None:
    """The probe, wherever a student or somebody of the staff can write something."""
    await student.writes(PROBE)
    await desk.turns.drain()
    await student.post("feedback", {"seq": 1, "helpful": False, "comment": PROBE})
    await student.post("handoff", {"reason": PROBE})
    (answer,) = desk.store.add(student.id, [Draft("bot", f'see {PROBE} https://x.example/"onclick=probe()', "en")])
    assert answer.seq
    ends = (clock.now + dt.timedelta(hours=3)).astimezone(ZoneInfo("America/Los_Angeles"))
    conversation = f"/desk/conversations/{student.id}"
    for path, fields in {
        "/desk/accounts": {"email": f"{PROBE}@example.org", "name": PROBE[:110], "role": "advisor"},
        "/desk/announcement": {"text_en": PROBE, "text_es": PROBE, "ends": f"{ends:%Y-%m-%dT%H:%M}"},
        "/desk/retention/holds": {"conversation": student.id, "reason": PROBE[:280]},
        f"{conversation}/take": {}, f"{conversation}/reply": {"text": PROBE},
        "/desk/knowledge/entries/sunrise_grant.cost": {"action": "draft", "opened": "1", "question_en": PROBE, "answer_en": PROBE, "why": PROBE},
    }.items():  # fmt: skip
        assert (await admin.submits(path, **fields)).status_code < 500, path
    desk.audit.note(PROBE, PROBE[:40], PROBE, why=PROBE)


async def test_no_page_runs_or_follows_what_somebody_wrote(knowing_desk: Desk, browser: Browser, staff: SignIn, clock: SetClock) -> None:
    admin = await staff(knowing_desk, "admin", "/desk/accounts")
    student = await Student.arrives(admin.http)
    await fill_everything(knowing_desk, student, admin, clock)
    shown, wrong = 0, {}
    for door in DOORS:
        if door.method != "GET" or door.path.endswith("/events"):
            continue
        path = filled(
            door,
            conversation_id=student.id,
            file="staff.css" if "static" in door.path else "advising-chat.js",
            kind="entry",
            key="sunrise_grant.cost",
        )
        for query in ("", f"?q={PROBE}&next={PROBE}&language={PROBE}&conversation={PROBE}&topic={PROBE}&text={PROBE}".replace("#", "%23")):
            answer = await admin.http.get(path + query, headers={"Accept": "text/html"})
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            shown += "xss-probe" in answer.text
            assert answer.status_code < 500, path
            assert "49" not in answer.text.split("javascript:probe()")[-1][:6], "a template ran what somebody wrote"
            assert answer.headers["content-security-policy"] == POLICY, path
            if found := faults(answer.text):
                wrong[path + query[:12]] = found
    assert wrong == {}
    assert shown >= 10, "the probe must really reach the pages"


@pytest.mark.parametrize(
    "html",
    [
        "<p><xss-probe>",
        "<a href=' java\nscript:x()'>",
        "<img src=x onerror=y>",
        "<script>x</script>",
        "<a href='//evil'>",
        "<p style='x:y'>",
        "<base>",
    ],
)
def test_the_reader_of_these_tests_finds_what_would_run(html: str) -> None:
    assert faults(html)


def test_the_policy_lets_no_inline_script_or_style_and_no_other_site_in() -> None:
    assert "unsafe" not in POLICY and "default-src 'self'" in POLICY and "frame-ancestors 'none'" in POLICY and "*" not in POLICY
