"""A real desk in a process of its own, over the tests' tiny knowledge base, to be killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from benchmarks.processes import free_ports
from desk.database import migrate
from desk.settings import Settings
from knowledge import content_files, loader
from knowledge.store import Store, make_engine
from tests.conftest import TINY

ROOT = Path(__file__).resolve().parents[2]
START_S = 90


def prepare(database_url: str) -> None:
    """Tables and the tiny content."""
    engine = make_engine(Settings(_env_file=None, database_url=database_url).database_url)  # type: ignore[call-arg]
    migrate(engine)
    content = content_files.read_or_raise(TINY)
    content.documents.update(content_files.shipped_sentences().documents)
    loader.load(content, Store(engine))
    engine.dispose()


class DeskProcess:
    """`settings`: by their names in the environment. Its words go to `log`."""

    def __init__(self, folder: Path, number: int = 0, **settings: str) -> None:
        (self.port,) = free_ports(1)
        self.url, self.log = f"http://127.0.0.1:{self.port}", folder / f"desk-{number}.log"
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self._environment = {
            **kept, "PYTHONPATH": str(ROOT), "ENCODER": "hashing", "GAZETTEER_FILE": str(folder / "gazetteer.json"), "INDEX_FOLDER": str(folder / "index"),
            "RASA_URL": "http://127.0.0.1:9", "ACTIONS_URL": "http://127.0.0.1:9", "PORT": str(self.port), "DESK_NUMBER": str(number), **settings,
        }  # fmt: skip
        self._folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Returns when it answers, whatever it says."""
        with self.log.open("ab") as words:
            command = [sys.executable, "-m", "desk", "serve"]
            self.process = subprocess.Popen(command, cwd=self._folder, env=self._environment, stdout=words, stderr=words)
        async with asyncio.timeout(START_S), httpx.AsyncClient() as client:
            while True:
                try:
                    await client.get(f"{self.url}/health", timeout=5)
                    return
                except httpx.HTTPError:
                    assert self.process.poll() is None, self.log.read_text(errors="replace")[-2000:]
                    await asyncio.sleep(0.05)

    def kill(self) -> None:
        """In the middle of whatever it does."""
        self.end(signal.SIGKILL)

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(20)
            self.process = None
