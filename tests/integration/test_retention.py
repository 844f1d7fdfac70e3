"""What is kept for how long, over three years of school life."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.__main__ import main
from desk.conversations.model import Draft
from desk.retention import logs
from desk.retention.keeper import Report
from desk.retention.schedule import Period
from desk.settings import Settings
from desk.tables import ConversationRow, MissRow
from desk.wiring import Desk
from tests.integration.conftest import PASSWORD, Browser, Wire
from tests.integration.fakes import ScriptedBot, SetClock
from tests.integration.people import Staff

LEAST, MOST = 90, 180


def asks(desk: Desk, conversation_id: str, number: int) -> None:
    """A question nobody could answer."""
    with Session(desk.engine) as session, session.begin():
        session.add(MissRow(conversation_id=conversation_id, seq=number, why="not_covered", text="a question", language="en", at=desk.store.clock()))


def test_three_years_pass_and_nothing_goes_too_soon_or_stays_too_long(wired: Wire, clock: SetClock) -> None:
    """A conversation every three days, one that is kept up for a year, one on hold, and a desk that is switched off for a summer."""
    desk = wired(ScriptedBot(), keep_audit_at_least_days=400, keep_audit_at_most_days=500)
    begun = clock.now
    last_word: dict[str, dt.datetime] = {}
    faithful, _, _ = desk.store.open("en", [])
    held, _, _ = desk.store.open("en", [Draft("student", "keep me", "en", "k1")])
    desk.retention.store.hold(held.id, "records request", "admin@example.org")
    total = 0
    for step in range(365):
        clock.goes_on(days=3)
        now, day = clock.now, (clock.now - begun).days
        conversation, _, _ = desk.store.open("en", [Draft("student", f"question {step}", "en", f"q{step}")])
        asks(desk, conversation.id, 1)
        last_word[conversation.id] = now
        if day <= 365:
            desk.store.add(faithful.id, [Draft("bot", "still here", "en")])
            last_word[faithful.id] = now
        desk.audit.note("advisor@example.org", "read", f"conversation {conversation.id}")
        if 500 < day < 560:
            continue  # the desk is switched off, and keeps its promise all the same
        report = desk.retention.run()
        total += report.transcripts
        with Session(desk.engine) as session:
            there = set(session.scalars(select(ConversationRow.id)))
            missed = list(session.execute(select(MissRow.conversation_id, MissRow.at)))
        for known, said in last_word.items():
            age = (now - said).total_seconds() / 86400
            assert known in there or age >= LEAST, "nothing goes sooner than the schedule"
            assert known not in there or age <= LEAST + 1, "everything goes as soon as the schedule says"
            assert known not in there or age <= MOST
        assert held.id in there and report.held == (1 if day >= LEAST else 0) and report.late == 0
        assert all((now - at).days <= LEAST for _, at in missed) and {c for c, _ in missed} <= there
    assert total == 365 + 1 - len(there) + 1, "all went by schedule but those still young and the one on hold"
    assert desk.audit.verify() is None and min(row.at for row in desk.audit.recent(10_000)) > (clock.now - dt.timedelta(days=404)).isoformat()
    assert desk.retention.store.release(held.id) is False
    assert desk.retention.run().transcripts == 1, "after the hold the schedule counts again"


def test_every_deletion_is_noted_with_counts_and_nothing_else(desk_app: Desk, clock: SetClock) -> None:
    conversation, _, _ = desk_app.store.open("en", [Draft("student", "a secret wish", "en", "w1")])
    asks(desk_app, conversation.id, 1)
    assert desk_app.retention.run() == Report()
    assert desk_app.audit.recent() == [], "nothing to tell, nothing noted"
    clock.goes_on(days=LEAST + 1)
    desk_app.retention.run()
    (row,) = desk_app.audit.recent()
    assert (row.who, row.action) == ("schedule", "deleted_by_schedule")
    assert row.details == asdict(Report(transcripts=1, messages=1, misses=1))
    assert conversation.id not in str(vars(row)) and "wish" not in str(vars(row))


def test_what_is_overdue_is_told(desk_app: Desk, clock: SetClock) -> None:
    desk_app.store.open("en", [])
    clock.goes_on(days=MOST + 1)
    assert desk_app.retention.plan().late == 1
    assert desk_app.retention.run().late == 0


async def test_the_keeper_looks_once_an_hour(desk_app: Desk, clock: SetClock) -> None:
    desk_app.store.open("en", [])
    await desk_app.retention.look()
    clock.goes_on(days=LEAST + 1)
    desk_app.retention._next = clock.now + dt.timedelta(minutes=30)
    await desk_app.retention.look()
    assert desk_app.retention.plan().transcripts == 1
    clock.goes_on(minutes=31)
    await desk_app.retention.look()
    assert desk_app.retention.plan().transcripts == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"keep_transcripts_at_least_days": 180}, {"keep_audit_at_most_days": 1000}, {"keep_logs_at_least_days": 30}, {"keep_misses_at_least_days": 91},
        {"keep_misses_at_most_days": 90}, {"keep_transcripts_at_least_days": 0},
    ],
)  # fmt: skip
def test_bounds_that_contradict_each_other_are_refused_at_the_start(changes: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match=r"(?i)keep_"):
        Settings(_env_file=None, **changes)  # type: ignore[call-arg, arg-type]


def test_a_dry_run_tells_and_deletes_nothing(
    desk_app: Desk, database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database_file}")
    now = dt.datetime.now(dt.UTC)
    with Session(desk_app.engine) as session, session.begin():
        session.add(
            ConversationRow(
                id="old", token_digest="", state="with_bot", language="en", memory={}, created_at=now, updated_at=now - dt.timedelta(days=91)
            )
        )
    assert main(["retain", "--dry-run"]) == 0 and "transcripts  1" in capsys.readouterr().out
    assert main(["retain", "--dry-run"]) == 0 and "transcripts  1" in capsys.readouterr().out
    assert main(["retain"]) == 0 and "transcripts  1" in capsys.readouterr().out
    assert main(["retain", "--dry-run"]) == 0 and "transcripts  0" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_privacy_page_promises_what_the_settings_say(wired: Wire, browser: Browser, language: str) -> None:
    desk = wired(
        ScriptedBot(), keep_transcripts_at_least_days=31, keep_transcripts_at_most_days=77, keep_misses_at_least_days=21, keep_misses_at_most_days=43
    )
    page = (await browser(desk).get(f"/privacy?language={language}")).text
    assert all(f" {days} " in page.replace(".", " ") for days in (31, 77, 43, 1460, 30))


async def test_the_page_for_admins_shows_schedule_holds_and_what_was_deleted(desk_app: Desk, browser: Browser, clock: SetClock) -> None:
    desk_app.store.open("en", [])
    clock.goes_on(days=LEAST + 1)
    desk_app.retention.run()
    admin = await Staff(browser(desk_app)).signs_in("admin@example.org", PASSWORD)
    page = (await admin.opens("/desk/retention")).text
    assert "90 days" in page and "180 days" in page and "Transcripts: 1" in page


# -- log files -----------------------------------------------------------------------------------------------------------


def test_no_line_of_a_log_outlives_the_promise_and_none_goes_sooner(tmp_path: Path) -> None:
    """A line a day for two hundred days, in a file that its writer keeps open."""
    period, now = Period(14, 30), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    with (tmp_path / "desk.log").open("ab") as writer:
        for day in range(200):
            writer.write(f"{day}\n".encode())
            writer.flush()
            os.utime(tmp_path / "desk.log", (now.timestamp(), now.timestamp()))
            logs.remove_old(tmp_path, period, now)
            logs.begin_anew(tmp_path, period, now)
            kept = sorted(int(line) for path in tmp_path.glob("desk.log*") for line in path.read_text().split())
            assert kept == list(range(kept[0], day + 1)), "no line is lost in between"
            assert day - kept[0] <= 30 and (kept[0] == 0 or day - kept[0] >= 13)
            now += dt.timedelta(days=1)


def test_a_folder_without_logs_is_no_fault(tmp_path: Path) -> None:
    assert logs.remove_old(tmp_path / "none", Period(1, 2), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) == 0
    assert logs.begin_anew(tmp_path / "none", Period(1, 2), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) == 0
