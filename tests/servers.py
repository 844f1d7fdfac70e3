"""Fixtures with real servers: a PostgreSQL and a Redis that belong to this test run alone.

Where a program is missing, its tests are skipped and say how to get it; on the check's machine (CI) they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import engines
from benchmarks.engines import Postgres, ProgramMissing, Redis, program


def needs(name: str, package: str) -> Path:
    """Where the program is; without it the test is skipped, or fails where nothing may be skipped."""
    try:
        return program(name, package)
    except ProgramMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run; a test that stops or kills it starts it again."""
    needs("postgres", "postgresql")
    with engines.postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """An empty database of this test's own."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    needs("redis-server", "redis-server")
    with engines.redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    return redis_server.url
