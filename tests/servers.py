"""Fixtures with real servers: a PostgreSQL and a Redis that belong to this test run alone.

A missing program fails the test and says how to get it; nothing is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks import engines
from benchmarks.engines import Postgres, Redis


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run; a test that stops or kills it starts it again."""
    with engines.postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """An empty database of this test's own."""
    return postgres.new_database()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    with engines.redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    return redis_server.url
