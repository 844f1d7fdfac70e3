"""Our whole product as `make run` starts it, on free ports and with a copy of the database, so that nothing real is touched."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.bots import NoReply, OurBot, a_client
from benchmarks.messages import of_students
from benchmarks.processes import ROOT, free_ports, running, with_environment
from deploy.processes import environment as handed_on
from desk.settings import Settings

TOKEN = "benchmark-only"
FIRST_QUESTION, RIGHT_TOPIC = "what is running start?", "running_start"
_LOOK_AGAIN_S = 0.05
_PATIENCE_S = 180.0


@dataclass(frozen=True)
class Started:
    """Seconds since the processes were started."""

    first_answer_s: float
    all_up_s: float


def copy_database(source: Path, folder: Path) -> Path:
    """A copy that is whole, also while somebody writes the original."""
    copy = folder / "waymark.db"
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    return copy


class Waymark:
    """One set of processes. `folder`: everything written goes there; the search index in it is kept between starts.

    `database`: a file, or the address of a PostgreSQL. `processes`: how many desks, how many Rasas and how many action servers;
    more than one needs `redis_url`. `more`: other settings, by their names in the environment.
    """

    def __init__(self, folder: Path, database: Path | str, processes: int = 1, redis_url: str = "", more: Mapping[str, str] | None = None) -> None:
        self.folder, self._more = folder, dict(more or {})
        for name in ("log", "metrics"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._database = database if isinstance(database, str) else f"sqlite:///{database}"
        self._processes, self._redis_url = processes, redis_url
        self.port, *others = free_ports(1 + 2 * processes)
        self._rasas, self._actions = others[:processes], others[processes:]

    @property
    def bot(self) -> OurBot:
        return OurBot(self.port, of_students())

    @contextmanager
    def running(self) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
        """The supervisor's process, and when it was started (time.perf_counter)."""
        begun = time.perf_counter()
        command = with_environment(self.environment(), [".venv/bin/supervisord", "--nodaemon", "--configuration", str(self._configuration())])
        with running(command, ROOT, self.folder / "log" / "supervisord.log") as process:
            yield process, begun

    def _configuration(self) -> Path:
        """The one of `make run`, word for word, but for the folder it writes to."""
        text = (ROOT / "deploy" / "supervisord.conf").read_text(encoding="utf-8")
        path = self.folder / "supervisord.conf"
        path.write_text(text.replace("= var/", f"= {self.folder}/"), encoding="utf-8")
        return path

    def environment(self) -> dict[str, str]:
        """Our ports and places, and with them what deploy/start.py hands on."""
        rasa_database = self._database if self._database.startswith("postgresql") else f"sqlite:///{self.folder / 'rasa.db'}"
        places = {
            "ENVIRONMENT": "development",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATABASE_URL": self._database,
            "REDIS_URL": self._redis_url,
            "ENCODER": "both",
            "GAZETTEER_FILE": str(self.folder / "gazetteer.json"),
            "INDEX_FOLDER": str(self.folder / "index"),
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
            "DESK_PROCESSES": str(self._processes),
            "RASA_URL": ",".join(f"http://127.0.0.1:{port}" for port in self._rasas),
            "RASA_TOKEN": TOKEN,
            "RASA_DATABASE_URL": rasa_database,
            "CONVERSATIONS_PER_MINUTE": "100000",  # all students of a measurement come from one address
            "ACTIONS_URL": ",".join(f"http://127.0.0.1:{port}" for port in self._actions),
            **self._more,
        }
        settings = Settings(_env_file=None, **{name.lower(): value for name, value in places.items()})  # type: ignore[arg-type]
        return {**places, **handed_on(settings)}

    async def wait_until_up(self, begun: float) -> Started:
        """Until a question got its right answer, and until every process is ready. Raises TimeoutError."""
        async with asyncio.timeout(_PATIENCE_S), a_client() as client:
            answered, *_ = await asyncio.gather(
                self._first_right_answer(),
                *(_until_ok(client, f"http://127.0.0.1:{port}/status?token={TOKEN}") for port in self._rasas),
                *(_until_ok(client, f"http://127.0.0.1:{port}/health") for port in self._actions),
            )
            up = time.perf_counter()
            # The desk asks each part at most once a second; what follows must not begin in its degraded mode.
            while (await client.get(f"{self.bot.url}/health")).json()["status"] != "ok":
                await asyncio.sleep(_LOOK_AGAIN_S)
        return Started(round(answered - begun, 3), round(up - begun, 3))

    async def _first_right_answer(self) -> float:
        while True:
            try:
                async with self.bot.converse() as student:
                    await student.say(FIRST_QUESTION)
                    answer = student.last["answer"] or {}
                    if answer.get("status") == "answered" and answer.get("topic") == RIGHT_TOPIC:
                        return time.perf_counter()
            except (NoReply, OSError):
                pass  # not there yet
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def answered_without_rasa(self) -> float:
        """How many turns the desk had to answer by itself, as it counts them."""
        async with a_client() as client:
            text = (await client.get(f"{self.bot.url}/metrics")).text
        return next(float(line.split()[1]) for line in text.splitlines() if line.startswith("waymark_bot_unavailable_total "))


async def _until_ok(client: httpx.AsyncClient, url: str) -> None:
    while True:
        try:
            if (await client.get(url)).status_code == 200:
                return
        except httpx.HTTPError:
            pass  # not listening yet
        await asyncio.sleep(_LOOK_AGAIN_S)
