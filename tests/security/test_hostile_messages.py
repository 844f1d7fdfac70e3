"""Ten thousand hostile messages through the student API and the assistant: no failure, no trace, no secret kept."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from desk.bot_client import BotTurn, BotUnavailable, Turn
from desk.wiring import Desk
from tests.integration.conftest import Browser, Wire
from tests.integration.fakes import ScriptedBot
from tests.integration.people import Student
from tests.security.hostile import message

MESSAGES, STUDENTS = 10_000, 200
TRACE = re.compile(r"Traceback|File \"/|sqlalchemy|sqlite3|\.py\", line|site-packages")


SECRET = re.compile(r"(?=(\d{3}-\d\d-\d{4}|\d{16}|\b[a-z]{7}\d{4}!|\b[a-z]{9}\d{3}@mail\.example\.com))")
"""What tests/security/hostile.py makes up. Looking for two thousand of them one by one would take longer than sending them."""


def found_of(secrets: list[str], text: str) -> set[str]:
    return set(SECRET.findall(text)) & set(secrets)


class OftenThere(ScriptedBot):
    """Says back what it hears; for each eighth conversation Rasa is down, so that the desk answers from knowledge."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, int] = {}

    async def reply(self, turn: Turn) -> BotTurn:
        if self._seen.setdefault(turn.conversation_id, len(self._seen)) % 8 == 0:
            raise BotUnavailable("nobody is there")
        return self.answer(turn)


@pytest.mark.timeout(900)
async def test_ten_thousand_hostile_messages_do_no_harm(
    wired: Wire, browser: Browser, database_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk: Desk = wired(OftenThere(), messages_per_minute=100_000)
    http = browser(desk)
    students = [await Student.arrives(http, "es" if n % 4 == 0 else "en") for n in range(STUDENTS)]
    answers: Counter[int] = Counter()
    secrets: list[str] = []

    async def sends(student: Student, first: int) -> None:
        for number in range(first, MESSAGES, STUDENTS):
            said = message(number)
            body = json.dumps({"client_id": f"h{number}", "text": said.text}).encode("ascii")
            answer = await http.post(f"{student.path}/messages", content=body, headers={**student.headers, "Content-Type": "application/json"})
            answers[answer.status_code] += 1
            assert not TRACE.search(answer.text), answer.text[:300]
            if said.secret:
                secrets.append(said.secret)
                assert said.secret not in answer.text

    for first in range(0, STUDENTS, 5):
        await asyncio.gather(*(sends(student, first + n) for n, student in enumerate(students[first : first + 5])))
        await desk.turns.drain()
    assert sum(answers.values()) == MESSAGES and set(answers) <= {202, 413, 422}, answers
    assert answers[202] > MESSAGES * 0.9
    for student in students[::20]:
        said = await student.reads()
        assert said[-1]["sender"] in ("bot", "system") and not TRACE.search(json.dumps(said))
    assert desk.store.turns.left_behind() == [], "every message was dealt with"
    with sqlite3.connect(database_file) as database:
        # An address that a waiting student leaves for the reply is kept there on purpose, and nowhere else.
        contacts = {row[0] for row in database.execute("select contact from desk_handoffs where contact is not null")}
        dump = "\n".join(line for line in database.iterdump() if not line.startswith('INSERT INTO "desk_handoffs"'))
        assert database.execute("select count(*) from desk_messages where sender = 'student'").fetchone()[0] == answers[202]
        assert database.execute("select count(*) from desk_users").fetchone()[0] == 3
    database.close()
    logged = capsys.readouterr().out
    assert found_of(secrets, " ".join(secrets)) == set(secrets), "the search finds what is there"
    assert len(secrets) > MESSAGES / 10 and all("@" in contact for contact in contacts)
    assert found_of(secrets, dump) == set() and found_of(secrets, logged) == set()
    assert "sunrise grant" not in logged and "<script>" not in logged, "no word of a student is logged"
