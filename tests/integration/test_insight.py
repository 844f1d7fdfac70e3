"""The numbers of the insight page, counted from real rows; small cells hidden on the page and in every download."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from desk.conversations.model import Draft
from desk.conversations.states import BOT_SPEAKS, State
from desk.database import migrate
from desk.insight.counting import Counting
from desk.insight.model import Span
from desk.office_days import begin_of
from desk.settings import Settings
from desk.wiring import Desk
from knowledge.replies import HandOff
from knowledge.store import make_engine
from tests.integration.conftest import Browser, SignIn, Wire
from tests.integration.fakes import MONDAY_MORNING, ScriptedBot, SetClock

SEATTLE = ZoneInfo("America/Los_Angeles")
DAY = Span(begin_of(dt.date(2026, 11, 23), SEATTLE), begin_of(dt.date(2026, 11, 24), SEATTLE))


def chat(desk: Desk, *outcomes: str, language: Any = "en", county: str | None = None, device: str = "phone", topic: str = "sunrise_grant") -> str:
    conversation, _, _ = desk.store.open(language, [Draft("bot", "hi", language)], device)
    for outcome in outcomes:
        message = desk.store.add_from_student(conversation.id, Draft("student", "?", language, pending=True)).message
        hand_off = HandOff(reason="asked") if outcome == "handoff" else None
        answer = {"status": outcome, "topic": topic, "score": 0.9}
        desk.store.finish_turn(
            conversation.id,
            message.seq,
            [Draft("bot", "…", language, answer=answer)],
            {"facts": {"county": county} if county else {}},
            BOT_SPEAKS,
            None,
            hand_off,
        )
    return conversation.id


async def download(desk: Desk, staff: SignIn, name: str) -> dict[str, dict[str, str]]:
    """The rows of a table as a spreadsheet reads them."""
    editor = await staff(desk, "editor", "/desk/insight")
    answer = await editor.http.get(f"/desk/insight/{name}.csv?since=2026-11-23&until=2026-11-23")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.reader(io.StringIO(answer.text)))
    return {line[0]: dict(zip(lines[0][1:], line[1:], strict=True)) for line in lines[1:]}


async def test_what_became_of_questions_is_counted_and_small_talk_is_not(desk_app: Desk, staff: SignIn) -> None:
    for _ in range(8):
        chat(desk_app, "answered", "small_talk", "answered")
    for _ in range(6):
        chat(desk_app, "clarify", "not_covered", topic="trail_start")
    topics = await download(desk_app, staff, "topics")
    assert topics["Sunrise Grant"]["questions"] == "16" and topics["Sunrise Grant"]["students"] == "8" and topics["Sunrise Grant"]["answered"] == "16"
    assert topics["Trail Start"]["no answer"] == "6" and topics["Trail Start"]["asked back"] == "6"
    page = html.unescape((await (await staff(desk_app, "advisor", "/desk/insight")).opens("/desk/insight?since=2026-11-23&until=2026-11-23")).text)
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "14 students asked 28 questions" in words and "57 % were answered" in words


async def test_fewer_than_five_students_show_nowhere(desk_app: Desk, staff: SignIn) -> None:
    for _ in range(9):
        chat(desk_app, "answered", "answered", county="king", device="desktop")
    for _ in range(4):
        chat(desk_app, "answered", "not_covered", "answered", county="ferry", language="es")
    counties = await download(desk_app, staff, "counties")
    assert set(counties["Ferry County"].values()) == {"hidden"} if "Ferry County" in counties else True
    for name in ("counties", "devices", "equity-languages", "equity-regions", "topics", "hours", "trend"):
        for label, cells in (await download(desk_app, staff, name)).items():
            shown = [float(v) for k, v in cells.items() if v not in ("hidden", "–") and "%" not in k and "minutes" not in k]
            assert not [n for n in shown if 0 < n < 5], (name, label, cells)
    page = (await (await staff(desk_app, "editor", "/desk/insight")).opens("/desk/insight?since=2026-11-23&until=2026-11-23")).text
    assert ">hidden</abbr>" in page


async def test_answers_and_waits_are_compared_by_language(desk_app: Desk, staff: SignIn, clock: SetClock) -> None:
    for n in range(20):
        chat(desk_app, "answered", "answered" if n % 2 else "clarify")
    for _ in range(20):
        chat(desk_app, "not_covered", "answered", language="es")
    waiting = [chat(desk_app, "handoff", language="es") for _ in range(6)]
    clock.goes_on(minutes=12)
    advisor = next(u for u in desk_app.accounts.all() if u.role == "advisor")
    for conversation in waiting:
        desk_app.store.move(conversation, State.WITH_ADVISOR, owner_id=advisor.id)
    languages = await download(desk_app, staff, "equity-languages")
    assert (languages["English"]["answered %"], languages["Spanish"]["answered %"]) == ("75.0", "43.5")
    assert float(languages["Spanish"]["from %"]) < 43.5 < float(languages["Spanish"]["to %"])
    assert (languages["Spanish"]["minutes until a person came"], languages["Spanish"]["waits"]) == ("12.0", "6")
    assert languages["English"]["waits"] == "0"
    page = html.unescape((await (await staff(desk_app, "editor", "/desk/insight")).opens("/desk/insight?since=2026-11-23&until=2026-11-23")).text)
    assert "points between the best and the least answered" in page


async def test_what_is_missed_more_than_the_week_before_is_told(desk_app: Desk, browser: Browser, staff: SignIn, clock: SetClock) -> None:
    for _ in range(6):
        conversation = chat(desk_app, "not_covered")
        desk_app.learning.learner.after_mark(conversation, 3, "wrong", None)
    rising = await download(desk_app, staff, "rising")
    (cells,) = rising.values()
    assert cells == {"students, week before": "0", "students, this week": "6"}


async def test_an_unknown_table_and_odd_days_are_no_trouble(desk_app: Desk, staff: SignIn) -> None:
    editor = await staff(desk_app, "editor", "/desk/insight")
    assert (await editor.http.get("/desk/insight/nothing.csv")).status_code == 404
    assert "Nobody asked anything" in (await editor.opens("/desk/insight?since=soon&until=1999-13-99")).text


def counted(counting: Counting, span: Span) -> dict[str, list[tuple[str | None, int, int]]]:
    return {
        by: [(c.key, c.questions, c.students) for c in counting.questions(span, by)] for by in ("all", "language", "county", "day", "week", "hour")
    }  # type: ignore[arg-type]


def about(desk: Desk, clock: SetClock) -> dict[str, list[tuple[str | None, int, int]]]:
    """A chat in summer time at 23:30, one in winter time at 00:30, both as Seattle's clock says."""
    for moment in (dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC), dt.datetime(2026, 11, 2, 8, 30, tzinfo=dt.UTC)):
        clock.now = moment
        chat(desk, "answered", county="king")
    clock.now = MONDAY_MORNING
    return counted(Counting(desk.engine, SEATTLE), Span(begin_of(dt.date(2026, 10, 30), SEATTLE), begin_of(dt.date(2026, 11, 5), SEATTLE)))


EXPECTED = {
    "all": [("all", 2, 2)], "language": [("en", 2, 2)], "county": [("king", 2, 2)], "day": [("2026-10-31", 1, 1), ("2026-11-02", 1, 1)],
    "week": [("2026-10-26", 1, 1), ("2026-11-02", 1, 1)], "hour": [("0", 1, 1), ("23", 1, 1)],
}  # fmt: skip


def test_days_weeks_and_hours_are_the_offices_in_summer_and_winter(desk_app: Desk, clock: SetClock) -> None:
    assert about(desk_app, clock) == EXPECTED


def test_postgresql_counts_the_same(postgres_url: str, engines: list[Engine], wired: Wire, clock: SetClock) -> None:
    engines.append(make_engine(Settings(_env_file=None, database_url=postgres_url).database_url))  # type: ignore[call-arg]
    migrate(engines[-1])
    assert about(wired(ScriptedBot(), database_url=engines[-1].url.render_as_string(hide_password=False)), clock) == EXPECTED


@pytest.mark.parametrize(("language", "words"), [("en", "No results have been published yet."), ("es", "Todavía no hay resultados publicados.")])
async def test_the_scorecard_is_for_everybody_and_says_so_when_there_is_none(wired: Wire, browser: Browser, language: str, words: str) -> None:
    answer = await browser(wired(ScriptedBot(), scorecard_file="nowhere.json")).get(f"/scorecard?language={language}")
    assert answer.status_code == 200 and words in answer.text
