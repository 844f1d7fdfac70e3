"""A desk whose disk fills up, whose content files are half-written, whose power is cut while it loads or publishes, whose clock jumps."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from desk.settings import Settings
from desk.wiring import wire
from knowledge.editing import Editing
from knowledge.schema import Entry
from knowledge.store import Store, make_engine
from tests.faults.desk_process import ROOT, DeskProcess, prepare
from tests.faults.echo_rasa import echo_rasa
from tests.faults.fault_table import FAULTS, Fault
from tests.faults.stack import Talker
from tests.integration.fakes import ScriptedBot, SetClock

pytestmark = pytest.mark.timeout(300)


@asynccontextmanager
async def at_work(folder: Path, database: Path, **settings: str) -> AsyncIterator[tuple[DeskProcess, Talker]]:
    """A desk in a process, and a student who has just been answered."""
    desk = DeskProcess(folder, DATABASE_URL=f"sqlite:///{database}", **settings)
    await desk.start()
    try:
        async with httpx.AsyncClient(base_url=desk.url, timeout=20) as http:
            student = Talker(http, f"t{time.monotonic_ns()}")
            await student.arrives()
            await student.has_heard(1)
            await student.asks("what is the sunrise grant")
            yield desk, student
            await student.leaves()
    finally:
        desk.end()


async def health(desk: DeskProcess) -> dict[str, str]:
    async with httpx.AsyncClient(base_url=desk.url, timeout=20) as http:
        report: dict[str, str] = (await http.get("/health")).json()
        return report


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A file system of 12 MB; None where we may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, check=False).returncode == 0
    yield folder if mounted else None
    if mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_the_disk_is_full_and_has_room_again(tmp_path: Path, small_disk: Path | None) -> None:
    folder = small_disk or tmp_path
    prepare(f"sqlite:///{folder / 'desk.db'}")
    async with at_work(tmp_path, folder / "desk.db") as (desk, student):
        _fill(desk, small_disk)
        refused = await _until_refused(student)
        assert refused.json()["error"]["code"] == "unavailable"
        assert "kept on your device" in refused.json()["error"]["message"]
        await asyncio.sleep(1.1)  # a report is kept for a second
        assert (await health(desk))["database"] == "down"
        sending = asyncio.create_task(student.asks("how much is the sunrise grant"))
        await asyncio.sleep(0.5)
        _make_room(desk, small_disk)
        await sending
        await asyncio.sleep(1.1)
        assert (await health(desk))["database"] == "up"
        await student.note(
            f"the disk full ({'a 12 MB disk' if small_disk else 'a limit on file size'}), then room again",
            "“kept on your device” at once, then the answer",
            None,
        )


def _fill(desk: DeskProcess, disk: Path | None) -> None:
    if disk is None:
        assert desk.process is not None
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        return
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(b"x" * 4096):
                pass
        except OSError:
            pass  # full


def _make_room(desk: DeskProcess, disk: Path | None) -> None:
    if disk is None:
        assert desk.process is not None
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        (disk / "filler").unlink()


async def _until_refused(student: Talker) -> httpx.Response:
    """What is left of the log's last page may still take a few; each of those was taken, so it counts as sent."""
    for n in range(300):
        text = f"filling up {n} " + "x" * 3000
        answer = await student.http_answer(text)
        if answer.status_code != 202:
            return answer
        student.sent.append(text)
    raise AssertionError("300 messages fitted on a full disk")


def load(content: Path, database: Path) -> subprocess.Popen[str]:
    kept = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "ENCODER": "hashing", "DATABASE_URL": f"sqlite:///{database}"}
    kept |= {"GAZETTEER_FILE": str(database.parent / "gazetteer.json"), "INDEX_FOLDER": str(database.parent / "index")}
    command = [sys.executable, "-m", "knowledge", "load", "--content", str(content)]
    return subprocess.Popen(command, cwd=database.parent, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def version_of(database: Path) -> str:
    engine = make_engine(f"sqlite:///{database}")
    try:
        return Store(engine).version()
    finally:
        engine.dispose()


async def test_a_half_written_content_file_changes_nothing_and_is_named(tmp_path: Path, tiny_folder: Path) -> None:
    database = tmp_path / "desk.db"
    prepare(f"sqlite:///{database}")
    before = version_of(database)
    victim = next(p for p in sorted((tiny_folder / "topics").glob("*.yml")) if p.stat().st_size > 500)
    victim.write_bytes(victim.read_bytes()[: int(victim.stat().st_size * 0.6)])
    async with at_work(tmp_path, database) as (_, student):
        done = load(tiny_folder, database)
        said, _ = done.communicate(timeout=120)
        assert done.returncode != 0 and victim.name in said and "Traceback" not in said
        assert version_of(database) == before
        took = await student.asks("how much is the sunrise grant")
        assert student.last["answer"]["status"] == "answered"
        await student.note("a content file half-written, then `load`", "the answer, as before; `load` names the file", took)


async def test_power_cut_in_the_middle_of_load_leaves_the_old_or_the_new_whole(tmp_path: Path, tiny_folder: Path) -> None:
    database, chance = tmp_path / "desk.db", random.Random(4)
    prepare(f"sqlite:///{database}")
    for path in (tiny_folder / "topics").glob("*.yml"):
        path.write_text(path.read_text(encoding="utf-8").replace("Grant", "Grant money"), encoding="utf-8")
    first = load(tiny_folder, tmp_path / Path(shutil.copy(database, tmp_path / "whole.db")).name)
    said, _ = first.communicate(timeout=120)
    assert first.returncode == 0, said
    old, new = version_of(database), version_of(tmp_path / "whole.db")
    assert old != new
    async with at_work(tmp_path, database) as (_, student):
        for n in range(8):
            cut = load(tiny_folder, database)
            await asyncio.sleep(chance.uniform(0.3, 3.0))
            cut.kill()
            cut.communicate()
            assert version_of(database) in (old, new)
            await student.asks(f"how much is the sunrise grant {n}")
        last = load(tiny_folder, database)
        last.communicate(timeout=120)
        assert (last.returncode, version_of(database)) == (0, new)
        took = await student.asks("what is the sunrise grant")
        await student.note("power cut in the middle of `load`, 8 times", "the answer, from the old or the new text, never half of both", took)
    _whole(database)


def _whole(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


PUBLISHING = """
import sys
from knowledge.schema import Entry
from knowledge.editing import Editing
from knowledge.store import make_engine
store = Editing(make_engine(sys.argv[1]))
for n in range(10_000):
    stored = store.get("entry", "sunrise_grant.cost")
    text = f"Version {n}."
    store.publish(Entry.model_validate({**stored.body, "answer": {"en": text, "es": text}}), stored.revision, "ed@example.org", text)
"""


async def test_power_cut_in_the_middle_of_a_publish_leaves_the_old_or_the_new_text_with_its_history(tmp_path: Path) -> None:
    database = tmp_path / "desk.db"
    prepare(f"sqlite:///{database}")
    engine = make_engine(f"sqlite:///{database}")
    store = Editing(engine)
    async with at_work(tmp_path, database) as (_, student):
        for n in range(5):
            begun = store.get("entry", "sunrise_grant.cost").revision
            editor = subprocess.Popen([sys.executable, "-c", PUBLISHING, f"sqlite:///{database}"], cwd=ROOT)
            while store.get("entry", "sunrise_grant.cost").revision < begun + 3:
                await asyncio.sleep(0.02)
            editor.send_signal(signal.SIGKILL)
            editor.wait()
            published, newest = store.get("entry", "sunrise_grant.cost"), store.history("entry", "sunrise_grant.cost")[0]
            assert (newest.revision, newest.body) == (published.revision, published.body), "the text and its history are of one moment"
            await student.asks(f"how much is the sunrise grant? {n}")
            assert Entry.model_validate(published.body).answer.en in student.last["text"], "and it is the answer"
        took = await student.asks("how much is the sunrise grant")
        await student.note("power cut in the middle of a publish, 5 times", "the answer, in the old or the new text", took)
    engine.dispose()
    _whole(database)


async def test_rasa_answers_garbage(tmp_path: Path) -> None:
    prepare(f"sqlite:///{tmp_path / 'desk.db'}")
    async with echo_rasa() as rasa:
        rasa.garbage = b"<html>It works!"
        async with at_work(tmp_path, tmp_path / "desk.db", RASA_URL=rasa.url, ACTIONS_URL=rasa.url) as (_, student):
            took = await student.asks("how much is the sunrise grant")
            assert student.last["answer"]["status"] == "answered"
            await student.note("Rasa answers garbage", "the answer, from knowledge", took)


@pytest.mark.parametrize("hours", [-26, 26])
async def test_the_clock_jumps_between_and_in_the_middle_of_turns(tmp_path: Path, hours: int) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    prepare(url)
    clock, bot, engine = SetClock(), ScriptedBot(), make_engine(url)
    bot.opens = asyncio.Event()
    desk = wire(
        Settings(_env_file=None, database_url=url, encoder="hashing", gazetteer_file=tmp_path / "g.json"), bot=bot, clock=clock, engine=engine
    )  # type: ignore[call-arg]
    conversation = desk.store.open("en", [])[0]
    for n in range(3):
        await desk.service.receive(conversation, f"m{n}", f"hello {n}")
        clock.now += dt.timedelta(hours=hours)
        await desk.turns.recover()
    bot.opens.set()
    await desk.turns.drain()
    engine.dispose()
    said = [m.text for m in desk.store.messages(conversation.id)]
    assert said == [*(f"hello {n}" for n in range(3)), *(f"You said: hello {n}" for n in range(3))]
    assert len(bot.turns) == 3
    FAULTS.append(
        Fault(f"the clock jumps by {hours:+d} hours, three times, in the middle of turns", "the answers, each once, in order", None, None, 0, 0)
    )
