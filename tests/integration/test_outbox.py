"""One outbox for every e-mail: at least once after a crash, never by two desks at a time, tried with pauses, given up with a word."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, func, select

from desk.database import ROOT, migrate
from desk.mail import outbox
from desk.mail.outbox import Mail, Outbox
from desk.mail.outbox_store import LEASE, PATIENCE, Item, Kind, OutboxStore
from desk.mail.tables import OutboxRow
from desk.settings import Settings
from desk.tables import ConversationRow
from desk.wiring import Desk
from knowledge.store import make_engine
from tests.integration.conftest import Browser, SignIn
from tests.integration.fakes import MONDAY_MORNING, KeptPost, SetClock
from tests.integration.people import Student

ADVISOR = 1


@dataclass
class WeekWriter:
    """Writes what it is told to. `wanted`: somebody still wants it."""

    kind: Kind = "digest"
    wanted: bool = True
    written: list[str] = field(default_factory=list)

    def write(self, item: Item) -> Mail | None:
        self.written.append(item.key)
        return Mail(item.address, f"about {item.key}", "words") if self.wanted else None


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'mail.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine = make_engine(Settings(_env_file=None, database_url=url).database_url)  # type: ignore[call-arg]
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(database: Engine, clock: SetClock) -> OutboxStore:
    return OutboxStore(database, clock)


async def test_a_desk_killed_between_claim_and_send_loses_nothing_and_another_sends_it_once(
    database: Engine, store: OutboxStore, clock: SetClock, post: KeptPost
) -> None:
    store.put("digest", "week 1", address="ed@example.org")
    assert store.claim(store.due("digest")[0]) is not None  # and then the power went
    other, writer = Outbox(OutboxStore(database, clock), post), WeekWriter()
    assert await other.deliver(writer) == 0, "it may still be sending"
    clock.goes_on(seconds=LEASE.total_seconds() + 1)
    assert [await other.deliver(writer), await other.deliver(writer)] == [1, 0]
    assert [to for to, _, _ in post.sent] == ["ed@example.org"]


async def test_of_several_desks_at_once_one_sends_each(database: Engine, store: OutboxStore, clock: SetClock, post: KeptPost) -> None:
    for n in range(5):
        assert store.put("digest", f"week {n}", address="ed@example.org")
    several = [Outbox(OutboxStore(database, clock), post) for _ in range(4)]
    assert sum(await asyncio.gather(*(desk.deliver(WeekWriter()) for desk in several))) == 5
    assert sorted(subject for _, subject, _ in post.sent) == [f"about week {n}" for n in range(5)]


def test_only_one_of_two_owners_has_it_and_whoever_lost_it_cannot_put_it_back(store: OutboxStore, clock: SetClock) -> None:
    store.put("digest", "week 1", address="ed@example.org")
    (item_id,) = store.due("digest")
    first = store.claim(item_id)
    assert first is not None and store.claim(item_id) is None
    clock.goes_on(seconds=LEASE.total_seconds() + 1)
    second = store.claim(item_id)
    assert second is not None and second.tries == 2
    store.refused(first)
    store.drop(first)  # it woke up late
    assert store.claim(item_id) is None, "the second one still holds it"
    store.sent(second)
    assert store.due("digest") == [] and list(store.went("digest", "week 1")) == ["ed@example.org"]


def test_the_same_is_put_in_once(store: OutboxStore) -> None:
    assert [store.put("digest", "week 1", address=to) for to in ("ed@example.org", "ed@example.org", "al@example.org")] == [True, False, True]
    assert store.known("digest", ["week 0", "week 1"]) == {("week 1", "ed@example.org"), ("week 1", "al@example.org")}


def test_a_conversation_that_is_gone_gets_no_letter(store: OutboxStore) -> None:
    assert store.put("reply", "1:0-2", conversation_id="gone") is False


def test_what_is_about_a_conversation_goes_with_it(store: OutboxStore) -> None:
    made = {"token_digest": "x", "state": "waiting", "language": "en", "memory": {}, "created_at": MONDAY_MORNING, "updated_at": MONDAY_MORNING}
    with store.writing() as session:
        session.add(ConversationRow(id="c1", **made))
    assert store.put("reply", "1:0-2", conversation_id="c1")
    with store.writing() as session:
        session.execute(sa.delete(ConversationRow))
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0


async def test_a_mail_server_that_is_away_for_hours_gets_all_of_it_when_it_is_back(store: OutboxStore, clock: SetClock, post: KeptPost) -> None:
    desk, writer = Outbox(store, post), WeekWriter()
    store.put("digest", "week 1", address="ed@example.org")
    post.down = True
    for _ in range(6 * 60):  # a look a minute, for six hours
        await desk.deliver(writer)
        clock.goes_on(minutes=1)
    assert 8 < len(writer.written) < 20, "with longer and longer pauses"
    assert store.backlog().waiting == 1
    post.down = False
    clock.goes_on(hours=1)
    assert await desk.deliver(writer) == 1
    assert store.backlog().waiting == 0


async def test_what_is_refused_for_a_day_is_given_up_with_a_word(
    store: OutboxStore, clock: SetClock, post: KeptPost, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, writer = Outbox(store, post), WeekWriter()
    store.put("digest", "week 1", address="ed@example.org")
    post.down = True
    for _ in range(PATIENCE["digest"].tries + 5):
        await desk.deliver(writer)
        clock.goes_on(hours=1)
    assert len(writer.written) == PATIENCE["digest"].tries
    assert store.backlog().given_up == 1
    said = capsys.readouterr()
    assert "mail_given_up" in said.out + said.err and "example.org" not in said.out + said.err
    clock.goes_on(days=1)
    assert store.backlog().given_up == 0, "told for a day"


async def test_a_mail_server_that_hangs_is_left_before_the_claim_ends(store: OutboxStore, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging:
        works = True

        async def send(self, to: str, subject: str, text: str) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr(outbox, "SENDS_WITHIN_S", 0.01)
    store.put("digest", "week 1", address="ed@example.org")
    assert await Outbox(store, Hanging()).deliver(WeekWriter()) == 0
    assert store.backlog().waiting == 0 and store.due("digest") == []
    clock.goes_on(seconds=16)
    assert len(store.due("digest")) == 1


async def test_one_that_cannot_be_written_does_not_hold_up_the_others(store: OutboxStore, clock: SetClock, post: KeptPost) -> None:
    class Clumsy(WeekWriter):
        def write(self, item: Item) -> Mail | None:
            if item.key == "week 1":
                raise KeyError("a name the text does not know")
            return super().write(item)

    for n in (1, 2):
        store.put("digest", f"week {n}", address="ed@example.org")
    assert await Outbox(store, post).deliver(Clumsy()) == 1
    assert [subject for _, subject, _ in post.sent] == ["about week 2"]


async def test_what_nobody_wants_any_more_is_dropped_and_may_come_again(store: OutboxStore, post: KeptPost) -> None:
    desk, writer = Outbox(store, post), WeekWriter(wanted=False)
    store.put("digest", "week 1", address="ed@example.org")
    assert await desk.deliver(writer) == 0
    writer.wanted = True
    assert store.put("digest", "week 1", address="ed@example.org")
    assert await desk.deliver(writer) == 1


# -- in the desk -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk_app(mailing_desk: Desk) -> Desk:
    return mailing_desk


async def reply_to_somebody_away(desk: Desk, student: Student, clock: SetClock) -> None:
    await student.post("handoff")
    await student.http.put(f"{student.path}/contact", json={"email": "maya@example.org"}, headers=student.headers)
    await desk.service.take(student.id, ADVISOR, "Advisor One")
    await desk.service.reply_as_advisor(student.id, ADVISOR, "Yes, until Friday.", "en")
    clock.goes_on(minutes=2)


class Dying(KeptPost):
    """The desk is killed while it sends: nothing after that line runs any more."""

    async def send(self, to: str, subject: str, text: str) -> None:
        raise asyncio.CancelledError


async def test_a_reply_is_not_lost_with_the_desk_that_was_sending_it(desk_app: Desk, student: Student, clock: SetClock, post: KeptPost) -> None:
    await reply_to_somebody_away(desk_app, student, clock)
    desk_app.outbox._post = Dying()
    with pytest.raises(asyncio.CancelledError):
        await desk_app.people.letters.deliver()
    desk_app.outbox._post = post
    clock.goes_on(minutes=2)
    assert await desk_app.people.letters.deliver() == 1
    ((to, _, text),) = post.sent
    assert to == "maya@example.org" and "Yes, until Friday." in text


async def test_no_row_of_the_outbox_holds_a_students_address_or_words(desk_app: Desk, student: Student, clock: SetClock, post: KeptPost) -> None:
    await reply_to_somebody_away(desk_app, student, clock)
    post.down = True
    await desk_app.people.letters.deliver()
    with desk_app.store.reading() as session:
        (row,) = session.execute(select(OutboxRow.__table__)).all()
    assert "maya" not in str(row) and "Friday" not in str(row)


async def test_an_address_corrected_while_the_mail_server_was_away_is_the_one_that_is_used(
    desk_app: Desk, student: Student, clock: SetClock, post: KeptPost
) -> None:
    await reply_to_somebody_away(desk_app, student, clock)
    post.down = True
    await desk_app.people.letters.deliver()
    desk_app.people.line.keep_contact(student.id, "maya.lopez@example.org")
    post.down = False
    clock.goes_on(minutes=1)
    assert await desk_app.people.letters.deliver() == 1
    assert [to for to, _, _ in post.sent] == ["maya.lopez@example.org"]


async def test_a_reply_read_in_the_chat_meanwhile_is_not_sent(desk_app: Desk, student: Student, clock: SetClock, post: KeptPost) -> None:
    await reply_to_somebody_away(desk_app, student, clock)
    post.down = True
    await desk_app.people.letters.deliver()
    await student.reads()
    post.down = False
    clock.goes_on(minutes=1)
    assert await desk_app.people.letters.deliver() == 0 and post.sent == []


async def test_a_reply_that_never_got_through_is_told_on_the_page_and_in_the_health(
    desk_app: Desk, student: Student, clock: SetClock, post: KeptPost, staff: SignIn, browser: Browser
) -> None:
    await reply_to_somebody_away(desk_app, student, clock)
    post.down = True
    await desk_app.people.letters.deliver()
    clock.goes_on(minutes=1)
    await desk_app.people.letters.deliver()
    page = await (await staff(desk_app, "advisor")).opens(f"/desk/conversations/{student.id}")
    assert "did not get through" not in page.text
    assert desk_app.health._mail() == "waiting"
    signed_in = clock.now  # a day from here the advisor's session is over
    for _ in range(PATIENCE["reply"].tries):
        clock.goes_on(hours=1)
        await desk_app.people.letters.deliver()
    clock.now = signed_in
    page = await (await staff(desk_app, "advisor")).opens(f"/desk/conversations/{student.id}")
    assert "A reply did not get through by e-mail" in page.text
    assert (await browser(desk_app).get("/health")).json()["mail"] == "given_up"


# -- the tables before -------------------------------------------------------------------------------------------------------


def to_revision(engine: Engine, revision: str) -> None:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if revision == "0009" else command.upgrade)(config, revision)
        connection.commit()


def test_what_was_sent_and_what_was_being_sent_is_carried_over(database: Engine, clock: SetClock) -> None:
    to_revision(database, "0009")
    at = MONDAY_MORNING
    known = sa.MetaData()
    rows = {
        "desk_users": [{"id": 1, "email": "ed@example.org", "name": "Ed", "role": "editor", "password_hash": "x", "active": True, "created_at": at}],
        "desk_conversations": [
            {"id": "c1", "token_digest": "x", "state": "waiting", "language": "en", "last_seq": 0, "memory": {}, "created_at": at, "updated_at": at}
        ],
        "desk_handoffs": [{"id": 7, "conversation_id": "c1", "reason": "crisis", "urgency": "crisis", "asked_at": at, "mailed_seq": 0}],
        "desk_alarms": [
            {"handoff_id": 7, "address": "dean@example.org", "claimed_at": at, "sent_at": at},
            {"handoff_id": 7, "address": "nurse@example.org", "claimed_at": at, "sent_at": None},
        ],
        "desk_digests": [{"user_id": 1, "due": at, "sent_at": at + dt.timedelta(minutes=1)}],
    }
    with database.begin() as connection:
        for name, values in rows.items():
            connection.execute(sa.Table(name, known, autoload_with=connection).insert(), values)
    to_revision(database, "head")
    store = OutboxStore(database, clock)
    assert store.went("crisis", "7") == {"dean@example.org": at}
    assert list(store.went("digest", at.isoformat())) == ["ed@example.org"]
    (left,) = store.due("crisis")
    item = store.claim(left)
    assert item is not None and (item.key, item.address, item.tries) == ("7", "nurse@example.org", 2)
