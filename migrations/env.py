"""Alembic's entry. `python -m desk migrate` calls it with an engine; the plain `alembic` command uses DATABASE_URL."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from desk.advising import tables as advising  # noqa: F401  its tables join the desk's
from desk.announcements import tables as _announcement_tables  # noqa: F401
from desk.learning import tables as _learning  # noqa: F401  # its tables join the desk's metadata
from desk.mail import tables as _mail_tables  # noqa: F401
from desk.retention import tables as _retention_tables  # noqa: F401
from desk.settings import Settings
from desk.staff import tables as _staff_tables  # noqa: F401  (registers them)
from desk.tables import Base as DeskBase
from desk.tables import Moment
from knowledge.store import make_engine
from knowledge.tables import Base as KnowledgeBase

TARGETS = [KnowledgeBase.metadata, DeskBase.metadata]


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration speaks plain SQLAlchemy, so that it still runs when our own types are gone."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run(connection: Connection) -> None:
    batch = connection.dialect.name == "sqlite"
    context.configure(connection=connection, target_metadata=TARGETS, compare_type=True, render_as_batch=batch, render_item=render_item)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(Settings().database_url).connect() as own:
        run(own)
        own.commit()
