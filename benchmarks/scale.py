"""The same product with one, two and four processes of each kind, on a real PostgreSQL and a real Redis: ``python -m benchmarks --scale``."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import time
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from benchmarks import engines, machine
from benchmarks.engines import Postgres, Redis
from benchmarks.figures import Spread
from benchmarks.processes import ROOT, processor_seconds, run, tree, with_environment
from benchmarks.result import RESULTS
from benchmarks.turns import Throughput, at_once, one_by_one
from benchmarks.waymark import Waymark

PROCESSES = (1, 2, 4)
STUDENTS = 50
SETTINGS = {"OFFICE_HOURS": "mon-sun 00:00-23:59"}


@dataclass(frozen=True)
class Scaled:
    """`processes` of each kind; `alone`: one student at a time; `busy`: cores used by each part while all students talk."""

    processes: int
    start_s: float
    alone: Spread
    throughput: Throughput
    without_rasa: int
    busy: dict[str, float]

    def line(self) -> str:
        parts = ", ".join(f"{name} {cores:.2f}" for name, cores in sorted(self.busy.items(), key=lambda p: -p[1]))
        return (
            f"{self.processes} of each: {self.throughput.per_second} turns/s, {self.throughput.errors} errors, {self.without_rasa} without Rasa, "
            f"alone p50 {self.alone.p50} ms; cores used: {parts}"
        )


def grown_up(folder: Path, postgres: Postgres, redis: Redis, processes: int) -> Waymark:
    """The product on these engines, its tables made and its content loaded; what this machine has learned already is taken along."""
    product = Waymark(folder, postgres.new_database(), processes, redis.url, SETTINGS)
    for number, command in enumerate((["-m", "desk", "migrate"], ["-m", "knowledge", "load"])):
        if number:
            _take_vectors_along(product.environment()["DATABASE_URL"])
            shutil.copytree(ROOT / "var" / "index", folder / "index", dirs_exist_ok=True)
        run(with_environment(product.environment(), [".venv/bin/python", *command]), ROOT, folder / "prepare.log", 1200)
    return product


def _take_vectors_along(address: str, source: Path = ROOT / "var" / "waymark.db") -> None:
    """Every sentence's vector, so that none is encoded again (some minutes for all of them)."""
    if not source.exists():
        return
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as ours, psycopg.connect(address) as theirs:
        rows = ours.execute("SELECT encoder, text_digest, vector FROM knowledge_vectors")
        with theirs.cursor().copy("COPY knowledge_vectors (encoder, text_digest, vector) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


async def measure(folder: Path, students: int, processes: tuple[int, ...] = PROCESSES) -> list[Scaled]:
    with engines.postgres(durable=True) as postgres, engines.redis() as redis:
        first = grown_up(folder / "prepared", postgres, redis, 1)
        found = []
        for count in processes:
            home = folder / f"{count}"
            shutil.copytree(first.folder / "index", home / "index")
            product = Waymark(home, postgres.new_database(like=first.environment()["DATABASE_URL"]), count, redis.url, SETTINGS)
            found.append(await _one(product, postgres, redis, students, count))
            print(found[-1].line(), flush=True)
    return found


async def _one(product: Waymark, postgres: Postgres, redis: Redis, students: int, count: int) -> Scaled:
    with ExitStack() as started:
        supervisor, begun = started.enter_context(product.running())
        up = await product.wait_until_up(begun)
        alone = [ms for turns in await one_by_one(product.bot, 100, 10) for ms in turns]
        families = {"PostgreSQL": tree(postgres.pid), "Redis": tree(redis.pid), **_parts(tree(supervisor.pid))}
        before = {name: processor_seconds(pids) for name, pids in families.items()}
        begun_at = time.perf_counter()
        throughput = await at_once(product.bot, students)
        seconds = time.perf_counter() - begun_at
        busy = {name: round((processor_seconds(_now(name, pids, postgres)) - before[name]) / seconds, 2) for name, pids in families.items()}
        without = round(await product.answered_without_rasa())
    return Scaled(count, up.all_up_s, Spread.of(alone), throughput, without, busy)


def _now(name: str, pids: list[int], postgres: Postgres) -> list[int]:
    """PostgreSQL makes a process for each connection, also later ones."""
    return tree(postgres.pid) if name == "PostgreSQL" else pids


def _parts(pids: list[int]) -> dict[str, list[int]]:
    """The product's processes by their part, told by their command lines."""
    words = {pid: (Path("/proc") / str(pid) / "cmdline").read_bytes().decode().replace("\0", " ") for pid in pids}
    names = {"desks": "desk serve", "Rasas": "bot.serve", "actions": "actions.serve"}
    return {name: [pid for pid in pids if said in words[pid]] for name, said in names.items()}


def scale(folder: Path, students: int = STUDENTS) -> Path:
    """Measure and keep; returns where."""
    found = asyncio.run(measure(folder, students))
    path = RESULTS / "scale.json"
    made_on = time.strftime("%Y-%m-%d %H:%M:%S %z")
    body = {
        "made_on": made_on,
        "machine": asdict(machine.Machine.here()),
        "load_at_end": machine.load(),
        "students": students,
        "steps": [asdict(s) for s in found],
    }
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    return path
