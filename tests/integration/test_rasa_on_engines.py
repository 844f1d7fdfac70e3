"""Rasa's memory on a real PostgreSQL and its locks on a real Redis, shared by several Rasa processes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from benchmarks.engines import Postgres, Redis
from benchmarks.processes import free_ports

ROOT = Path(__file__).parents[2]


def test_several_rasas_share_locks_and_memory_and_go_on_without_redis(redis_server: Redis, postgres: Postgres) -> None:
    (nobody,) = free_ports(1)
    given = [redis_server.url, f"redis://127.0.0.1:{nobody}/0", postgres.new_database()]
    done = subprocess.run(
        ["bot/.venv/bin/python", "-W", "ignore", "tests/integration/inside_rasa.py", *given], cwd=ROOT, capture_output=True, text=True, timeout=100,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["locks"] == {"second waits": True, "until the first is done": True, "nothing left": True}
    assert found["away"] and found["none"], "without Redis a turn is locked in memory"
    assert found["trackers"] == {"county": "Yakima", "text": "hello", "kept": 1}
    assert "Exception in thread" not in done.stderr, "eight processes that save a new conversation at once do not fail each other"
