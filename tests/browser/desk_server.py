"""A real desk in a process of its own, to be stopped and started under the browsers' feet.

It answers from the tiny knowledge base by itself: Rasa's address leads nowhere, so the bot of degraded mode speaks.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from desk.database import migrate
from desk.staff.accounts import ROLES, Accounts
from knowledge import content_files, loader
from knowledge.store import Store, make_engine
from tests.browser.widget_fake_server import free_port

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "tests" / "data" / "tiny_content"
PASSWORD = "correct horse battery"
NOBODY = "http://127.0.0.1:9"
NAMES = {"advisor": "Maria Lopez", "editor": "Ed Nguyen", "admin": "Ada Reyes"}
START_S = 90


def prepare(folder: Path, content_folder: Path | None = CONTENT) -> Path:
    """A database with the tiny knowledge base (None: the shipped one), one account a role and a second advisor."""
    path = folder / "desk.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    content = content_files.read_or_raise(content_folder) if content_folder else content_files.read_or_raise()
    content.documents.update(content_files.shipped_sentences().documents)
    loader.load(content, Store(engine))
    accounts = Accounts(engine, lambda: dt.datetime.now(dt.UTC), session_hours=10)
    for role in ROLES:
        accounts.create(f"{role}@example.org", NAMES[role], role, PASSWORD)
    accounts.create("second@example.org", "Sam Okafor", "advisor", PASSWORD)
    engine.dispose()
    return path


class DeskServer:
    """The desk over a prepared database. `start` returns when knowledge is ready to answer."""

    def __init__(self, database: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = database.parent
        self._environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{database}", "PORT": str(self.port), "ENCODER": "hashing",
            "GAZETTEER_FILE": str(self.folder / "gazetteer.json"), "RASA_URL": NOBODY, "ACTIONS_URL": NOBODY, "OFFICE_HOURS": "mon-sun 00:00-23:59", **settings,
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, within_s: float = START_S) -> DeskServer:
        log = self.folder / "desk.log"
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "desk", "serve"], cwd=self.folder, env=self._environment, stdout=said, stderr=said
            )
        limit = time.monotonic() + within_s
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > limit:
                self.stop()
                raise RuntimeError(f"The desk did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        return self

    def stop(self) -> None:
        """At once, as in a crash: what was not stored is lost."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2).json()["knowledge_version"] != "loading"
        except (httpx.HTTPError, KeyError):
            return False
