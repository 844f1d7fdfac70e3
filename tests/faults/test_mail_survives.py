"""A desk is killed while the mail server keeps it waiting: another desk sends that e-mail when the claim has ended, once."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from desk.mail.outbox_store import LEASE
from tests.faults.desk_process import DeskProcess, prepare
from tests.faults.fault_table import FAULTS, Fault
from tests.integration.people import Student
from tests.unit.desk.test_post import MailServer

pytestmark = pytest.mark.timeout(300)


class SilentServer:
    """Takes the call and says nothing."""

    def __init__(self) -> None:
        self.called = asyncio.Event()

    async def __aenter__(self) -> SilentServer:
        self.server = await asyncio.start_server(self._hold, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.called.set()
        await reader.read()  # until the other side is gone
        writer.close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    prepare(f"sqlite:///{tmp_path / 'desk.db'}")
    return tmp_path / "desk.db"


def desk(database: Path, number: int, port: int) -> DeskProcess:
    return DeskProcess(
        database.parent, number, DATABASE_URL=f"sqlite:///{database}", SMTP_HOST="127.0.0.1", SMTP_PORT=str(port), SMTP_SECURITY="none",
        MAIL_FROM="desk@example.org", CRISIS_EMAILS="dean@example.org",
    )  # fmt: skip


def rows(database: Path) -> list[tuple[str, str, int, bool]]:
    with sqlite3.connect(database) as connection:
        found = connection.execute("SELECT kind, address, tries, sent_at IS NOT NULL FROM desk_outbox").fetchall()
    connection.close()
    return [(kind, address, tries, bool(sent)) for kind, address, tries, sent in found]


async def test_an_alarm_that_a_killed_desk_was_sending_is_sent_by_another_once(database: Path) -> None:
    async with SilentServer() as silent, MailServer() as works:
        first, second = desk(database, 0, silent.port), desk(database, 1, works.port)
        try:
            await first.start()
            async with httpx.AsyncClient(base_url=first.url, timeout=30) as http:
                student = await Student.arrives(http)
                await student.writes("i want to kill myself")
                async with asyncio.timeout(60):
                    await silent.called.wait()
            first.kill()
            killed = time.monotonic()
            assert rows(database) == [("crisis", "dean@example.org", 1, False)], "claimed, and not sent"
            await second.start()
            async with asyncio.timeout(LEASE.total_seconds() + 60):
                while rows(database)[0][3] is False:
                    await asyncio.sleep(0.25)
            took = time.monotonic() - killed
            assert took <= LEASE.total_seconds() + 30, "as soon as the claim has ended"
            await asyncio.sleep(3)  # three more looks
        finally:
            first.end()
            second.end()
        assert rows(database) == [("crisis", "dean@example.org", 2, True)]
        assert works.heard.count("RCPT TO:<dean@example.org>") == 1
    FAULTS.append(Fault("the desk killed while it sent an e-mail", "nothing; another desk sends it, once", None, took, 0, 0))
