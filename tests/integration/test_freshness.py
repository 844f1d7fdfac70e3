"""The freshness desk as the days go by, checks noted for many at once, and a fact's answers before and after."""

from __future__ import annotations

import html
import io
import re
import threading
from pathlib import Path

import pytest
import requests

from desk.editor.link_round import LinkRound, Progress
from desk.wiring import Desk
from knowledge.links import Checked, keep
from knowledge.schema import Fact
from knowledge.store import body_of
from tests.integration.conftest import SignIn, Wire
from tests.integration.fakes import AbsentBot, SetClock
from tests.integration.form_reader import fields_of
from tests.integration.people import Staff, Student
from tests.integration.test_staff_edit import answer_to

DESK = "/desk/freshness"
OURS = "sunrise_"


async def listed(person: Staff, query: str = "") -> set[str]:
    page = (await person.opens(f"{DESK}?kind=fact{query}")).text
    return {key for key in re.findall(r'value="fact/([\w.]+)/', page) if key.startswith((OURS, "trail_"))}


async def mark_of(person: Staff, key: str) -> str:
    page = (await person.opens(f"{DESK}?need=all&kind=fact")).text
    return next(iter(re.findall(rf'value="(fact/{key}/\w+)"', page)))


def fact(desk: Desk, key: str) -> Fact:
    return desk.assistant.runtime.snapshot().facts[key]


async def test_as_the_days_go_by_facts_expire_soon_then_are_expired(knowing_desk: Desk, staff: SignIn, clock: SetClock) -> None:
    editor = await staff(knowing_desk, "editor", DESK)
    today, ends = knowing_desk.assistant.today(), fact(knowing_desk, "sunrise_amount").valid_until
    assert ends is not None
    assert await listed(editor, "&need=expiring") == set()
    clock.goes_on(days=(ends - today).days - 60)
    editor = await staff_again(knowing_desk, staff)
    assert await listed(editor, "&need=expiring") == {"sunrise_amount", "sunrise_last_day"}
    assert await listed(editor, "&need=expiring&days=59") == set()
    assert await listed(editor, "&need=checked_long_ago") == {"sunrise_amount"}
    clock.goes_on(days=60)
    editor = await staff_again(knowing_desk, staff)
    assert await listed(editor, "&need=expiring") == {"sunrise_amount", "sunrise_last_day"}, "the last day still counts"
    clock.goes_on(days=1)
    editor = await staff_again(knowing_desk, staff)
    assert await listed(editor, "&need=expired") == {"sunrise_amount", "sunrise_last_day"}


async def staff_again(desk: Desk, staff: SignIn) -> Staff:
    """Sessions end long before the day this test goes to."""
    person = await staff(desk, "editor", DESK)
    await person.signs_in("editor@example.org", "correct horse battery", DESK)
    return person


async def test_what_is_ticked_is_checked_today_and_each_gets_a_revision_and_an_audit_line(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", DESK)
    marks = [await mark_of(editor, key) for key in ("sunrise_phone", "trail_gpa")]
    answer = await editor.submits(f"{DESK}/checked", seen=marks, note="the council's page")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DESK}?done=2")
    for key in ("sunrise_phone", "trail_gpa"):
        newest = knowing_desk.knowledge.history("fact", key)[0]
        assert (newest.revision, newest.action, newest.why) == (2, "publish", "checked again: the council's page")
        assert fact(knowing_desk, key).checked_on == knowing_desk.assistant.today()
    assert {row.subject for row in knowing_desk.audit.recent(2)} == {"fact sunrise_phone", "fact trail_gpa"}


async def test_a_text_that_changed_since_it_was_looked_at_is_not_noted_and_neither_are_the_others(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", DESK)
    marks = [await mark_of(editor, key) for key in ("trail_gpa", "sunrise_phone")]
    old = fact(knowing_desk, "sunrise_phone")
    knowing_desk.knowledge.publish(old.model_copy(update={"value": "555-0199"}), 1, "another@example.org")
    assert (await editor.submits(f"{DESK}/checked", seen=marks, note="the page")).status_code == 422
    assert knowing_desk.knowledge.get("fact", "trail_gpa").revision == 1


async def test_somebodys_draft_is_not_thrown_away_by_a_check(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", DESK)
    mark = await mark_of(editor, "trail_gpa")
    knowing_desk.knowledge.keep_draft("fact", "trail_gpa", body_of(fact(knowing_desk, "trail_gpa")), 1, "another@example.org")
    answer = await editor.submits(f"{DESK}/checked", seen=mark, note="the page")
    assert answer.status_code == 422 and "another@example.org is writing on it" in answer.text
    assert knowing_desk.knowledge.get("fact", "trail_gpa").draft is not None


@pytest.mark.parametrize("fields", [{}, {"note": "the page"}])
async def test_nothing_ticked_or_no_place_is_refused(knowing_desk: Desk, staff: SignIn, fields: dict[str, str]) -> None:
    editor = await staff(knowing_desk, "editor", DESK)
    assert (await editor.submits(f"{DESK}/checked", **fields)).status_code == 422


async def test_an_advisor_sees_the_list_and_does_not_note_checks(knowing_desk: Desk, staff: SignIn) -> None:
    advisor, editor = await staff(knowing_desk, "advisor", DESK), await staff(knowing_desk, "editor", DESK)
    page = (await advisor.opens(f"{DESK}?need=all")).text
    assert "Help line" in page and "checked today" not in page
    mark = await mark_of(editor, "trail_gpa")
    assert (await advisor.submits(f"{DESK}/checked", seen=mark, note="the page")).status_code == 403


async def test_a_dead_link_is_told(wired: Wire, staff: SignIn, tmp_path: Path) -> None:
    keep([Checked("https://sunrise.example.org/apply", "dead", "404", "2026-11-01")], tmp_path / "links.json")
    desk = wired(AbsentBot(), links_file=tmp_path / "links.json")
    editor = await staff(desk, "editor", DESK)
    assert await listed(editor, "&need=dead_link") == {"sunrise_link"}
    assert "Links were last tried on 2026-11-01" in (await editor.opens(DESK)).text


async def test_one_fact_is_changed_and_each_answer_is_seen_before_and_after_in_both_languages(
    knowing_desk: Desk, staff: SignIn, asker: Student
) -> None:
    path = "/desk/knowledge/fact/sunrise_amount"
    editor = await staff(knowing_desk, "editor", path)
    form = {**fields_of((await editor.opens(path)).text), "value": "8000"}
    seen = html.unescape((await editor.submits(f"{path}/look", **form)).text)
    assert "Answers that use it" in seen
    for language in ("en", "es"):
        words = "".join(re.findall(rf'<p class="words" lang="{language}">(.*?)</p>', seen, re.S))
        assert re.search(r"<del>\$7,395\S*</del>", words) and re.search(r"<ins>\$8,000\S*</ins>", words)
    assert (await editor.submits(path, **{**form, "action": "publish", "why": "new year"})).status_code == 303
    assert "$8,000" in (await answer_to(knowing_desk, asker, "how much is the sunrise grant"))["text"]


async def test_where_a_second_person_is_needed_a_check_that_changes_no_word_is_noted(wired: Wire, staff: SignIn) -> None:
    desk = wired(AbsentBot(), publishing_needs_second_person=True)
    editor = await staff(desk, "editor", DESK)
    assert (await editor.submits(f"{DESK}/checked", seen=await mark_of(editor, "trail_gpa"), note="the page")).status_code == 303


async def test_a_new_figure_is_dated_today_and_another_day_may_be_given(knowing_desk: Desk, staff: SignIn, clock: SetClock) -> None:
    clock.goes_on(days=3)
    path = "/desk/knowledge/fact/sunrise_amount"
    editor = await staff_again(knowing_desk, staff)
    for change, day in (
        ({"value": "8100"}, knowing_desk.assistant.today().isoformat()),
        ({"value": "8200", "checked_on": "2026-11-20"}, "2026-11-20"),
    ):
        form = fields_of((await editor.opens(path)).text)
        assert (await editor.submits(path, **{**form, **change, "action": "publish"})).status_code == 303
        assert str(fact(knowing_desk, "sunrise_amount").checked_on) == day


# -- trying links --------------------------------------------------------------------------------------------------------


class Web:
    """A web of our own: what is in `gone` answers 404. `opens` holds every answer back until set."""

    def __init__(self, *gone: str) -> None:
        self.gone, self.asked, self.opens = gone, list[str](), threading.Event()
        self.opens.set()

    def __call__(self, url: str) -> requests.Response:
        self.opens.wait(10)
        self.asked.append(url)
        answer = requests.Response()
        answer.url, answer.status_code, answer.raw = url, 404 if url in self.gone else 200, io.BytesIO()
        return answer


def trying(desk: Desk, web: Web) -> LinkRound:
    desk.link_round._get, desk.link_round._pause_s = web, 0
    return desk.link_round


async def test_all_links_are_tried_in_the_background_and_what_is_dead_is_told(knowing_desk: Desk, staff: SignIn) -> None:
    dead = str(fact(knowing_desk, "sunrise_link").value)
    web = Web(dead)
    links, editor = trying(knowing_desk, web), await staff(knowing_desk, "editor", DESK)
    web.opens.clear()
    assert "Links were never tried here." in (await editor.opens(DESK)).text
    assert (await editor.submits(f"{DESK}/links/try")).status_code == 303
    page = await editor.opens(DESK)
    assert "Editor One is trying" in page.text and "Try its link" not in page.text
    assert (await editor.http.get(f"{DESK}/links")).json()["running"] is True
    twice = await editor.submits(f"{DESK}/links/try")
    assert twice.status_code == 409 and "already" in twice.text
    web.opens.set()
    links.wait()
    told = (await editor.http.get(f"{DESK}/links")).json()
    assert told["running"] is False and re.search(r"Editor One tried \d+ links: \d+ work, 1 dead\.", told["said"])
    assert len(web.asked) == len(set(web.asked)) > 2
    page = await editor.opens(f"{DESK}?need=dead_link")
    assert "sunrise_link" in page.text and "answers no more" in page.text
    assert knowing_desk.audit.recent()[0].action == "tried_links"


async def test_one_documents_link_is_tried_alone_and_one_without_a_link_is_refused(knowing_desk: Desk, staff: SignIn) -> None:
    web = Web()
    links, editor = trying(knowing_desk, web), await staff(knowing_desk, "editor", DESK)
    begun = await editor.submits(f"{DESK}/links/try?need=all&kind=fact", only="fact/sunrise_link")
    assert (begun.status_code, begun.headers["location"]) == (303, f"{DESK}?need=all&kind=fact#links"), "back to the same list"
    links.wait()
    assert web.asked == [fact(knowing_desk, "sunrise_link").value]
    assert "Editor One tried 1 link: 1 work." in (await editor.opens(DESK)).text
    assert f"works, tried {knowing_desk.assistant.today()}" in (await editor.opens(f"{DESK}?need=all&kind=fact")).text
    assert (await editor.submits(f"{DESK}/links/try", only="fact/sunrise_amount")).status_code == 422


async def test_without_a_network_nothing_is_judged_and_that_is_said(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", DESK)
    knowing_desk.link_round._pause_s = 0
    await editor.submits(f"{DESK}/links/try")
    knowing_desk.link_round.wait()
    assert "there seems to be no network" in (await editor.opens(DESK)).text
    assert await listed(editor, "&need=dead_link") == set()


async def test_a_desk_that_stops_breaks_off_and_keeps_what_it_found(knowing_desk: Desk, staff: SignIn, wired: Wire, clock: SetClock) -> None:
    web = Web()
    links, editor = trying(knowing_desk, web), await staff(knowing_desk, "editor", DESK)
    links._pause_s = 60
    await editor.submits(f"{DESK}/links/try")
    links.end()
    assert re.search(r"broken off after \d+ of \d+", (await editor.opens(DESK)).text)
    another = wired(AbsentBot())
    assert "broken off" in (await (await staff(another, "editor", DESK)).opens(DESK)).text, "every process tells the same"


async def test_a_round_whose_desk_was_killed_is_not_under_way_for_ever(knowing_desk: Desk, staff: SignIn, clock: SetClock) -> None:
    knowing_desk.link_round._tell(Progress("Editor One", 40, clock().isoformat(), {"works": 3}))
    editor = await staff(knowing_desk, "editor", DESK)
    assert "3 done" in (await editor.opens(DESK)).text
    clock.goes_on(minutes=3)
    page = await editor.opens(DESK)
    assert "broken off after 3 of 40" in page.text and "Try all" in page.text
