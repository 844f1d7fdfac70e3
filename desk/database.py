"""The schema brought up to date: ``python -m desk migrate``."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, make_url

ROOT = Path(__file__).parent.parent


def prepare_folder(url: str) -> None:
    """SQLite makes its file, not the folder around it."""
    database = make_url(url).database
    if url.startswith("sqlite") and database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)


def has_table(engine: Engine, name: str) -> bool:
    return inspect(engine).has_table(name)


def migrate(engine: Engine) -> None:
    """Apply every migration that is missing; nothing if none is."""
    from alembic import command  # a desk that serves needs none of it
    from alembic.config import Config

    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
