"""Staff read conversations after the fact, mark answers, and what is not right comes into the inbox."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest

from desk.conversations.model import Draft
from desk.conversations.states import BOT_SPEAKS
from desk.review.model import Wanted
from desk.wiring import Desk
from tests.integration.conftest import Browser, SignIn
from tests.integration.fakes import SetClock
from tests.integration.people import Student
from tests.integration.test_miss_becomes_answer import LOST, arrives, asks

WHAT = "what is the sunrise grant"


async def ids(desk: Desk, staff: SignIn, query: str = "") -> list[str]:
    """The conversations the page lists, in its order."""
    advisor = await staff(desk, "advisor", f"/desk/review{query}")
    page = await advisor.opens(f"/desk/review{query}")
    assert page.status_code == 200
    return re.findall(r'href="/desk/review/([\w-]+)\?back=', page.text)


async def test_each_filter_finds_its_conversations_and_no_others(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    desk = knowing_desk
    fine, lost = await arrives(desk, browser, WHAT), await arrives(desk, browser, LOST)
    spanish = await arrives(desk, browser, "qué es la beca amanecer", "es")
    waiting, unhappy = await arrives(desk, browser, WHAT), await arrives(desk, browser, "how much is the sunrise grant")
    await waiting.post("handoff")
    answer = next(m for m in await unhappy.reads() if m["answer"] and m["answer"]["entry_id"])
    await unhappy.post("feedback", {"seq": answer["seq"], "helpful": False, "comment": "too long"})
    everybody = {fine.id, lost.id, spanish.id, waiting.id, unhappy.id}
    assert set(await ids(desk, staff)) == everybody
    assert await ids(desk, staff, "?language=es") == [spanish.id]
    assert await ids(desk, staff, "?state=waiting") == [waiting.id]
    assert await ids(desk, staff, "?reason=asked") == [waiting.id]
    assert await ids(desk, staff, "?unhelpful=true") == [unhappy.id]
    assert set(await ids(desk, staff, "?topic=sunrise_grant")) == everybody - {lost.id}
    assert await ids(desk, staff, "?since=2026-01-01&until=2026-11-22") == []
    assert await ids(desk, staff, "?topic=trail_start&language=es") == []
    assert set(await ids(desk, staff, "?state=nonsense&since=yesterday")) == everybody


async def test_asking_back_twice_and_low_scores_are_found(knowing_desk: Desk, staff: SignIn, clock: SetClock) -> None:
    store = knowing_desk.store
    made = {}
    for name, answers in {
        "loops": [("clarify", 0.5), ("clarify", 0.4)],
        "low": [("answered", 0.62)],
        "sure": [("answered", 0.97), ("clarify", 0.5)],
    }.items():
        conversation, _, _ = store.open("en", [Draft("bot", "hi", "en")])
        for status, score in answers:
            message = store.add_from_student(conversation.id, Draft("student", "?", "en", pending=True)).message
            reply = Draft("bot", "…", "en", answer={"status": status, "score": score})
            store.finish_turn(conversation.id, message.seq, [reply], {}, BOT_SPEAKS, None)
        made[name] = conversation.id
    assert await ids(knowing_desk, staff, "?loops=true") == [made["loops"]]
    assert await ids(knowing_desk, staff, "?low=true") == [made["low"]]


async def test_the_lot_is_the_same_for_everybody_on_a_day_and_another_on_the_next(knowing_desk: Desk, staff: SignIn, clock: SetClock) -> None:
    for _ in range(60):
        conversation, _, _ = knowing_desk.store.open("en", [])
        knowing_desk.store.add(conversation.id, [Draft("bot", "a", "en"), Draft("bot", "b", "en")])
    now = clock()
    day = Wanted(now - dt.timedelta(days=1), now + dt.timedelta(days=1), sample=20, day="2026-11-23")
    one, count = knowing_desk.review.find(day)
    two, _ = knowing_desk.review.find(day)
    other, _ = knowing_desk.review.find(Wanted(day.since, day.until, sample=20, day="2026-11-24"))
    assert count == 20 and [c.id for c in one] == [c.id for c in two] != [c.id for c in other]


async def test_a_mark_is_kept_with_who_made_it_and_what_is_wrong_goes_to_the_inbox(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    desk = knowing_desk
    answer = await asks(desk, asker, WHAT)
    advisor = await staff(desk, "advisor", f"/desk/review/{asker.id}")
    path = f"/desk/review/{asker.id}/{answer['seq']}"
    sent = await advisor.submits(path, verdict="wrong")
    assert sent.headers["location"].endswith(f"?seq={answer['seq']}#m{answer['seq']}")
    offered = html.unescape((await advisor.opens(sent.headers["location"].split("#")[0])).text)
    assert "It should have been answered by" in offered and "What is the Sunrise Grant?" in offered
    await advisor.submits(path, verdict="wrong", should_be="sunrise_grant.cost", note="They meant the money. Call me at 206-555-0100.")
    (group,) = desk.learning.inbox.groups()
    assert [(m.why, m.entry_id, m.suggested) for m in group.misses] == [("marked", "sunrise_grant.what_is", "sunrise_grant.cost")]
    assert desk.learning.inbox.suggestions(group)[0].id == "sunrise_grant.cost" and desk.learning.inbox.suggestions(group)[0].named
    shown = html.unescape((await advisor.opens(f"/desk/review/{asker.id}")).text)
    assert "Advisor One" in shown and "They meant the money." in shown and "555-0100" not in shown
    assert desk.review.find(Wanted(answer_day := desk.store.access_for_staff(asker.id).created_at, answer_day.replace(year=2027)))[0][0].marks == {
        "wrong": 1
    }


async def test_right_takes_the_miss_back_and_each_person_has_one_mark(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    answer = await asks(knowing_desk, asker, WHAT)
    path = f"/desk/review/{asker.id}/{answer['seq']}"
    advisor, editor = (
        await staff(knowing_desk, "advisor", f"/desk/review/{asker.id}"),
        await staff(knowing_desk, "editor", f"/desk/review/{asker.id}"),
    )
    await advisor.submits(path, verdict="incomplete")
    assert len(knowing_desk.learning.inbox.groups()) == 1
    await advisor.submits(path, verdict="right")
    await editor.submits(path, verdict="right")
    assert knowing_desk.learning.inbox.groups() == []
    assert [(m.by, m.verdict) for m in knowing_desk.review.marks(asker.id)[answer["seq"]]] == [("Advisor One", "right"), ("Editor One", "right")]


@pytest.mark.parametrize(
    ("seq", "fields", "status"),
    [(1, {"verdict": "splendid"}, 422), (2, {"verdict": "wrong"}, 404), (3, {"verdict": "wrong", "should_be": "no.such"}, 422)],
)
async def test_a_mark_that_makes_no_sense_is_refused(
    knowing_desk: Desk, asker: Student, staff: SignIn, seq: int, fields: dict[str, str], status: int
) -> None:
    await asks(knowing_desk, asker, WHAT)
    advisor = await staff(knowing_desk, "advisor", f"/desk/review/{asker.id}")
    assert (await advisor.submits(f"/desk/review/{asker.id}/{seq}", **fields)).status_code == status
    assert knowing_desk.review.marks(asker.id) == {}


async def test_reading_is_written_down_and_the_way_back_keeps_the_filter_but_no_foreign_address(
    knowing_desk: Desk, asker: Student, staff: SignIn
) -> None:
    await asks(knowing_desk, asker, WHAT)
    editor = await staff(knowing_desk, "editor", "/desk/review")
    page = (await editor.opens(f"/desk/review/{asker.id}?back=language%3Des%26low%3Dtrue")).text
    assert 'href="/desk/review?language=es&amp;low=true"' in page
    assert "evil" not in (await editor.opens(f"/desk/review/{asker.id}?back=%22%3E%3Ca%20href%3Devil")).text
    assert any(row.action == "read" and row.subject == f"conversation {asker.id}" for row in knowing_desk.audit.recent())
