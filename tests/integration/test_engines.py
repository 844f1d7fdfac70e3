"""The same code on a real PostgreSQL: tables, knowledge and conversations; and servers that come back where they were."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from redis import Redis as Client
from sqlalchemy import Engine

from benchmarks import engines as started
from benchmarks.engines import Postgres, ProgramMissing, Redis, program
from desk.conversations.model import Draft
from desk.database import migrate
from desk.settings import Settings
from knowledge import loader
from knowledge.content_files import Content
from knowledge.store import Store, make_engine
from tests.integration.conftest import Wire
from tests.integration.fakes import ScriptedBot


@pytest.fixture
def grown_up(postgres_url: str, engines: list[Engine]) -> Engine:
    """A migrated PostgreSQL, with the address as a person writes it."""
    engines.append(make_engine(Settings(_env_file=None, database_url=postgres_url).database_url))  # type: ignore[call-arg]
    migrate(engines[-1])
    return engines[-1]


def test_content_loads_into_postgresql_and_twice_changes_nothing(grown_up: Engine, tiny_content: Content) -> None:
    store = Store(grown_up)
    assert not loader.load(tiny_content, store).empty
    assert loader.load(tiny_content, store).empty
    assert store.version() not in ("empty", "loading")


async def test_a_turn_on_postgresql_is_stored_and_answered(grown_up: Engine, wired: Wire) -> None:
    desk = wired(ScriptedBot(), database_url=grown_up.url.render_as_string())
    conversation, _, _ = desk.store.open("en", [])
    desk.store.add_from_student(conversation.id, Draft("student", "hello", "en", "one", pending=True))
    desk.turns.start(conversation.id)
    await desk.turns.drain()
    assert [m.text for m in desk.store.messages(conversation.id)] == ["hello", "You said: hello"]


def test_a_killed_postgresql_comes_back_with_what_was_committed(postgres: Postgres, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    postgres.kill()
    assert not postgres.answers()
    postgres.start()
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_database_can_begin_as_a_copy_of_another(postgres: Postgres, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    with psycopg.connect(postgres.new_database(like=postgres_url)) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_stopped_redis_comes_back_at_the_same_address(redis_server: Redis) -> None:
    redis_server.stop()
    assert not redis_server.answers()
    redis_server.start()
    with Client.from_url(redis_server.url) as client:
        assert client.ping()


def test_a_missing_program_is_named_with_the_way_to_get_it() -> None:
    with pytest.raises(ProgramMissing, match=r"no-such-server is not installed. On Debian: apt-get install no-such-package"):
        program("no-such-server", "no-such-package")


def test_a_server_on_a_taken_port_is_not_taken_for_ours(tmp_path: Path, redis_server: Redis) -> None:
    second = Redis(tmp_path)
    second.port = redis_server.port  # taken
    with pytest.raises(RuntimeError, match=f"port {second.port} is taken"):
        second.start()


def test_both_servers_end_with_their_blocks() -> None:
    with started.redis() as server:
        folder = server.folder
        assert server.answers()
    assert not server.answers()
    assert not folder.exists()
