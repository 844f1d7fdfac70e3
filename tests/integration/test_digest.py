"""The weekly e-mail to staff: once a person a week whatever the processes do, only when there is something, no student's words."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine

from desk.database import migrate
from desk.digest.sending import LATE
from desk.mail.post import NotSent
from desk.mail.tables import OutboxRow
from desk.settings import Settings
from desk.wiring import Desk, wire
from knowledge import loader
from knowledge.content_files import Content
from knowledge.store import Sessions, Store, make_engine
from tests.integration.conftest import PASSWORD, Prepared, _settings
from tests.integration.fakes import AbsentBot, SetClock
from tests.integration.people import Student

BEFORE_SEVEN = dt.datetime(2026, 10, 5, 13, 59, tzinfo=dt.UTC)
"""Monday, 06:59 in Seattle."""
SECRET = "zorble quux plugh"
Desks = Callable[..., Desk]


@dataclass
class KeptPost:
    works: bool = True
    away: bool = False
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    async def send(self, to: str, subject: str, text: str) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise NotSent("away")
        self.sent.append((to, subject, text))

    @property
    def to(self) -> list[str]:
        return sorted(to for to, _, _ in self.sent)


@pytest.fixture
def post() -> KeptPost:
    return KeptPost()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(BEFORE_SEVEN)


@pytest.fixture
def desks(prepared: Prepared, database_file: Path, clock: SetClock, post: KeptPost, engines: list[Engine]) -> Desks:
    """Makes desk processes on one database, all with the same post."""

    def make(path: Path = database_file, **changes: object) -> Desk:
        settings = _settings(path, **{"desk_number": len(engines), "links_file": path.parent / "links.json", **changes})
        engines.append(make_engine(settings.database_url))
        desk = wire(settings, bot=AbsentBot(), clock=clock, engine=engines[-1], post=post)
        desk.assistant.runtime._current = prepared.warm
        return desk

    return make


def expire(desk: Desk, **changes: object) -> None:
    """A fact that ended some days ago."""
    fact = desk.assistant.runtime.snapshot().facts["sunrise_amount"]
    desk.knowledge.publish(fact.model_copy(update={"valid_until": dt.date(2026, 10, 1), **changes}), 1, "editor@example.org")


async def test_it_goes_once_a_week_from_its_hour_on_and_not_again_after_a_restart(desks: Desks, post: KeptPost, clock: SetClock) -> None:
    desk = desks()
    expire(desk)
    assert await desk.digests.look() == 0, "it is not seven yet"
    clock.goes_on(minutes=2)
    assert await desk.digests.look() == 1
    assert post.to == ["editor@example.org"]
    _, subject, text = post.sent[0]
    assert subject.startswith("Waymark: 1 expired")
    assert "Most a year: $7,395 (expired 2026-10-01)" in text and "/desk/knowledge/fact/sunrise_amount" in text
    assert await desk.digests.look() == await desks().digests.look() == 0
    clock.goes_on(days=7)
    assert await desk.digests.look() == 1
    assert len(post.sent) == 2


async def test_several_processes_at_once_send_one(desks: Desks, post: KeptPost, clock: SetClock) -> None:
    several = [desks() for _ in range(4)]
    expire(several[0])
    clock.goes_on(minutes=2)
    assert sum(await asyncio.gather(*(desk.digests.look() for desk in several))) == 1
    assert post.to == ["editor@example.org"]


async def test_several_processes_at_once_send_one_on_postgresql(
    desks: Desks, post: KeptPost, clock: SetClock, postgres_url: str, tiny_content: Content
) -> None:
    url = Settings(_env_file=None, database_url=postgres_url).database_url  # type: ignore[call-arg]
    several = [desks(database_url=url) for _ in range(3)]
    migrate(several[0].engine)
    loader.load(tiny_content, Store(several[0].engine))
    several[0].accounts.create("editor@example.org", "Ed", "editor", PASSWORD)
    expire(several[0])
    clock.goes_on(minutes=2)
    assert sum(await asyncio.gather(*(desk.digests.look() for desk in several))) == 1
    assert post.to == ["editor@example.org"]


async def test_without_anything_to_tell_nothing_goes(desks: Desks, post: KeptPost, clock: SetClock) -> None:
    clock.goes_on(minutes=2)
    assert await desks().digests.look() == 0
    assert post.sent == []


async def test_missed_questions_are_told_in_numbers_and_never_in_words(
    desks: Desks, post: KeptPost, clock: SetClock, browser: Callable[[Desk], object]
) -> None:
    desk = desks()
    student = await Student.arrives(browser(desk))  # type: ignore[arg-type]
    await student.writes(f"{SECRET}?")
    await desk.turns.drain()
    assert desk.learning.misses.open(), "the question must really be missed"
    desk.knowledge.submit(
        "fact", "trail_gpa", desk.knowledge.save_draft(desk.assistant.runtime.snapshot().facts["trail_gpa"], 1, "a@b").revision, "a@b"
    )
    clock.goes_on(minutes=2)
    assert await desk.digests.look() == 1
    _, subject, text = post.sent[0]
    assert subject == "Waymark: 1 missed question"
    assert "1 kind of question that we missed waits, asked by 1 student" in text and "1 change waits for review" in text
    assert not set(SECRET.split()) & set((subject + text).split())


async def test_an_owner_who_is_no_editor_hears_of_the_own_documents_only(desks: Desks, post: KeptPost, clock: SetClock) -> None:
    desk = desks()
    expire(desk, owner="maria_lopez")
    gpa = desk.assistant.runtime.snapshot().facts["trail_gpa"]
    desk.knowledge.publish(gpa.model_copy(update={"valid_until": dt.date(2026, 10, 2)}), 1, "editor@example.org")
    desk.accounts.create("mlopez@example.org", "María López", "advisor", PASSWORD)
    desk.accounts.set_active(desk.accounts.create("gone@example.org", "Gone", "editor", PASSWORD).id, False)
    clock.goes_on(minutes=2)
    assert await desk.digests.look() == 2
    assert post.to == ["editor@example.org", "mlopez@example.org"]
    texts = {to: text for to, _, text in post.sent}
    assert "sunrise_amount" in texts["mlopez@example.org"] and "trail_gpa" not in texts["mlopez@example.org"]
    assert "sunrise_amount" in texts["editor@example.org"] and "trail_gpa" in texts["editor@example.org"]


async def test_an_admin_gets_it_where_there_is_no_editor(desks: Desks, post: KeptPost, clock: SetClock) -> None:
    desk = desks()
    expire(desk)
    desk.accounts.set_role(next(u.id for u in desk.accounts.all() if u.role == "editor"), "advisor")
    clock.goes_on(minutes=2)
    await desk.digests.look()
    assert post.to == ["admin@example.org"]


async def test_dead_links_and_what_expires_soon_are_told(desks: Desks, post: KeptPost, clock: SetClock, database_file: Path) -> None:
    desk = desks()
    expire(desk, valid_until=dt.date(2026, 10, 20))
    link = str(desk.assistant.runtime.snapshot().facts["sunrise_link"].value)
    found = [{"url": link, "outcome": "dead", "detail": "404", "checked_on": "2026-10-04"}]
    (database_file.parent / "links.json").write_text(json.dumps(found), encoding="utf-8")
    clock.goes_on(minutes=2)
    await desk.digests.look()
    _, subject, text = post.sent[0]
    assert subject == "Waymark: 1 expires soon, 1 has a dead link"
    assert "(until 2026-10-20)" in text and "its link answers no more" in text


async def test_a_mail_server_that_is_away_is_tried_again_and_a_desk_down_for_long_waits_for_next_week(
    desks: Desks, post: KeptPost, clock: SetClock
) -> None:
    desk = desks()
    expire(desk)
    clock.goes_on(minutes=2)
    post.away = True
    assert await desk.digests.look() == 0
    post.away = False
    assert await desk.digests.look() == 0, "not at once"
    clock.goes_on(seconds=16)
    assert await desk.digests.look() == 1
    clock.goes_on(days=7, seconds=LATE.total_seconds())
    assert await desks().digests.look() == 0


@pytest.mark.parametrize("changes", [{"digest_day": "never"}, {"digest_day": "tue"}, {"digest_hour": 8}])
async def test_the_day_and_hour_are_settings(desks: Desks, post: KeptPost, clock: SetClock, changes: dict[str, object]) -> None:
    desk = desks(**changes)
    expire(desk)
    clock.goes_on(minutes=2)
    assert await desk.digests.look() == 0
    clock.goes_on(days=1, hours=2)
    assert await desk.digests.look() == (0 if changes.get("digest_day") == "never" else 1)


async def test_without_a_mail_server_nobody_is_asked_anything(desks: Desks, post: KeptPost, clock: SetClock) -> None:
    desk = desks()
    expire(desk)
    post.works = False
    clock.goes_on(minutes=2)
    assert await desk.digests.look() == 0


async def test_old_records_of_sending_are_not_kept_for_ever(desks: Desks, clock: SetClock) -> None:
    desk = desks()
    expire(desk)
    clock.goes_on(hours=2)
    for _ in range(12):
        clock.goes_on(days=7)
        assert await desk.digests.look() == 1
    with Sessions(desk.engine).reading() as session:
        assert session.query(OutboxRow).count() <= 9
