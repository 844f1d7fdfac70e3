"""The link in “an advisor answered you” opens that conversation on any device, and nothing else; nobody can make, guess or keep one."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from desk.conversations.key_store import MOST_KEYS
from desk.tables import KeyRow
from desk.wiring import Desk
from tests.integration.conftest import Browser, Wire
from tests.integration.fakes import KeptPost, ScriptedBot, SetClock
from tests.integration.people import Student

ADVISOR = 1


@pytest.fixture
def desk_app(mailing_desk: Desk) -> Desk:
    return mailing_desk


async def letter_to(student: Student, desk: Desk, clock: SetClock, post: KeptPost) -> str:
    """The e-mail a student gets who asked, left an address and went away."""
    await student.post("handoff")
    await student.http.put(f"{student.path}/contact", json={"email": "maya@example.org"}, headers=student.headers)
    await desk.service.take(student.id, ADVISOR, "Advisor One")
    await desk.service.reply_as_advisor(student.id, ADVISOR, "Yes, until Friday.", "en")
    clock.goes_on(minutes=2)
    await desk.people.letters.deliver()
    return post.sent[-1][2]


def words_of(text: str) -> str:
    found = re.search(r"https://ask\.example\.org/\?language=en#open=(\S+)", text)
    assert found, text
    return found[1]


@pytest.fixture
async def link(student: Student, desk_app: Desk, clock: SetClock, post: KeptPost) -> str:
    return words_of(await letter_to(student, desk_app, clock, post))


async def follow(student: Student, link: str) -> Student:
    """On a device that knows nothing of the student."""
    answer = await student.http.post("/api/conversations/open", json={"link": link})
    assert answer.status_code == 200, answer.text
    return Student(student.http, answer.json()["conversation_id"], answer.json()["token"])


async def test_it_opens_the_whole_conversation_and_the_student_writes_on(student: Student, desk_app: Desk, link: str) -> None:
    elsewhere = await follow(student, link)
    assert [m["text"] for m in await elsewhere.reads()] == [m["text"] for m in await student.reads()]
    await elsewhere.writes("thanks, from my phone")
    await desk_app.turns.drain()
    assert (await student.reads())[-1]["text"] == "thanks, from my phone", "the first device still has it too"
    assert elsewhere.token != student.token


async def test_the_letter_says_until_when_and_the_secret_stands_where_no_server_sees_it(
    student: Student, desk_app: Desk, clock: SetClock, post: KeptPost
) -> None:
    text = await letter_to(student, desk_app, clock, post)
    assert "The link works until Monday, November 30." in text
    address, _, fragment = next(line for line in text.split() if line.startswith("https://")).partition("#")
    assert address == "https://ask.example.org/?language=en" and fragment.startswith(f"open={student.id}.")


async def test_after_its_day_it_opens_nothing(student: Student, clock: SetClock, link: str) -> None:
    clock.goes_on(days=7, minutes=1)
    assert (await student.http.post("/api/conversations/open", json={"link": link})).status_code == 401


async def test_deleting_the_conversation_kills_the_link_and_every_key_made_by_it(student: Student, desk_app: Desk, link: str) -> None:
    elsewhere = await follow(student, link)
    assert (await elsewhere.delete()).status_code == 204
    assert (await student.http.post("/api/conversations/open", json={"link": link})).status_code == 401
    assert (await elsewhere.get("messages")).status_code == 401
    with desk_app.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(KeyRow)) == 0


def forged(link: str, other_id: str) -> dict[str, str]:
    conversation_id, until, seal = link.split(".")
    return {
        "another conversation": f"{other_id}.{until}.{seal}", "a later day": f"{conversation_id}.{int(until) + 1}.{seal}",
        "no seal": f"{conversation_id}.{until}.", "no parts": conversation_id, "a letter changed": link[:-1] + ("A" if link[-1] != "A" else "B"),
        "more after it": link + ".x", "not ascii": link + "é", "a lone surrogate": link + "\ud800", "no number": f"{conversation_id}.²{until}.{seal}",
        "a number without end": f"{conversation_id}.{'9' * 100}.{seal}", "an address": "https://evil.example.org/", "a path": "//evil.example.org/..",
    }  # fmt: skip


async def test_nothing_but_the_very_link_opens_and_every_refusal_reads_the_same(student: Student, link: str) -> None:
    other = await Student.arrives(student.http)
    said = set()
    for name, words in forged(link, other.id).items():
        answer = await student.http.post("/api/conversations/open", content=_json({"link": words}), headers={"Content-Type": "application/json"})
        assert answer.status_code in (401, 422), name
        if answer.status_code == 401:
            said.add(answer.text)
    gone = await student.http.post("/api/conversations/open", json={"link": link.replace(student.id, "A" * 24)})
    assert said | {gone.text} == {gone.text}
    assert len(said) == 1


def _json(body: dict[str, str]) -> bytes:
    import json

    return json.dumps(body).encode()


async def test_a_link_signed_by_another_desk_is_worth_nothing(student: Student, wired: Wire, browser: Browser, link: str, post: KeptPost) -> None:
    stranger = wired(ScriptedBot(), secret_key="another secret of another desk")
    answer = await browser(stranger).post("/api/conversations/open", json={"link": link})
    assert answer.status_code == 401


async def test_the_words_of_a_link_are_no_token_and_a_token_is_no_link(student: Student, link: str) -> None:
    headers = {"Authorization": f"Bearer {link}"}
    assert (await student.http.get(f"{student.path}/messages", headers=headers)).status_code == 401
    assert (await student.http.post("/api/conversations/open", json={"link": student.token})).status_code == 401


async def test_a_key_opens_its_own_conversation_only(student: Student, link: str) -> None:
    elsewhere, other = await follow(student, link), await Student.arrives(student.http)
    assert (await student.http.get(f"{other.path}/messages", headers=elsewhere.headers)).status_code == 401


async def test_neither_link_nor_token_stands_in_database_or_log(
    student: Student, desk_app: Desk, link: str, capfd: pytest.CaptureFixture[str]
) -> None:
    elsewhere = await follow(student, link)
    await student.http.post("/api/conversations/open", json={"link": link + "x"})
    await elsewhere.reads()
    with desk_app.store.reading() as session:
        assert elsewhere.token not in {row.digest for row in session.scalars(select(KeyRow))}
    said = "".join(capfd.readouterr())
    seal = link.split(".")[-1]
    assert seal not in said and elsewhere.token not in said and student.token not in said


async def test_the_oldest_keys_go_when_there_are_many_and_the_first_device_stays(student: Student, clock: SetClock, link: str) -> None:
    devices = [await follow(student, link) for _ in range(MOST_KEYS + 2)]
    answers = [(await device.get("messages")).status_code for device in devices]
    assert answers == [401, 401] + [200] * MOST_KEYS
    assert (await student.get("messages")).status_code == 200


async def test_many_tries_from_one_address_are_slowed_down(student: Student, desk_app: Desk) -> None:
    answers = [(await student.http.post("/api/conversations/open", json={"link": f"guess.{n}.x"})).status_code for n in range(61)]
    assert answers.count(429) == 1 and answers[-1] == 429


async def test_a_conversation_deleted_while_the_letter_was_being_sent_sends_none(
    student: Student, desk_app: Desk, clock: SetClock, post: KeptPost
) -> None:
    await student.post("handoff")
    await student.http.put(f"{student.path}/contact", json={"email": "maya@example.org"}, headers=student.headers)
    await desk_app.service.take(student.id, ADVISOR, "Advisor One")
    await desk_app.service.reply_as_advisor(student.id, ADVISOR, "Yes.", "en")
    clock.goes_on(minutes=2)
    letters, store = desk_app.people.letters, desk_app.outbox.store
    assert letters._store.put_what_is_due() == 1
    item = store.claim(store.due("reply")[0])
    await student.delete()
    assert item is not None and letters.write(item) is None
    assert await letters.deliver() == 0 and post.sent == []
