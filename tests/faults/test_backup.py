"""A backup made while the desk works, put back after a disaster, on SQLite and on PostgreSQL, by the documented commands."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from desk.conversations.model import Draft
from desk.conversations.store import ConversationStore
from desk.settings import Settings
from desk.wiring import utc_now
from knowledge.store import Store, make_engine
from tests.faults.desk_process import ROOT, prepare
from tests.servers import needs


def run(script: str, argument: Path, url: str) -> str:
    path = f"{needs('pg_dump', 'postgresql').parent}:{os.environ['PATH']}" if url.startswith("postgresql") else os.environ["PATH"]
    done = subprocess.run(
        ["sh", f"deploy/{script}", str(argument)], cwd=ROOT, env={"PATH": path, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_backed_up_is_there_again_after_a_disaster(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    prepare(url)
    engine = make_engine(Settings(_env_file=None, database_url=url).database_url)  # type: ignore[call-arg]
    store, version = ConversationStore(engine, utc_now), Store(engine).version()
    conversation = store.open("es", [])[0]
    store.add_from_student(conversation.id, Draft("student", "¿Qué es FAFSA?", "es", "m1", pending=True))
    file = Path(run("backup.sh", tmp_path / "backups", url))
    assert file.stat().st_mode & 0o077 == 0, "nobody else may read it"
    with engine.begin() as connection:
        for table in ("desk_messages", "desk_conversations", "knowledge_meta"):
            connection.execute(text(f"DELETE FROM {table}"))
    engine.dispose()
    run("restore.sh", file, url)
    assert [m.text for m in store.messages(conversation.id)] == ["¿Qué es FAFSA?"]
    assert Store(engine).version() == version
    later = ConversationStore(engine, lambda: utc_now() + dt.timedelta(minutes=1))  # the desk that stored it is gone by then
    assert later.turns.left_behind() == [conversation.id], "also what was still to be answered"
    engine.dispose()


def test_only_the_newest_fourteen_are_kept(tmp_path: Path) -> None:
    url, folder = f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "backups"
    prepare(url)
    folder.mkdir()
    for n in range(20):
        (folder / f"waymark-20260101T0000{n:02d}Z.db").touch()
        os.utime(folder / f"waymark-20260101T0000{n:02d}Z.db", (n, n))
    newest = Path(run("backup.sh", folder, url))
    kept = sorted(p.name for p in folder.iterdir())
    assert len(kept) == 14 and newest.name in kept and "waymark-20260101T000019Z.db" in kept
