"""Fixtures shared by every folder: a tiny knowledge base of invented programs, and an empty database."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import content_files
from knowledge.content_files import Content
from knowledge.snapshot import Snapshot
from knowledge.store import Store, make_engine
from knowledge.tables import Base

TINY = Path(__file__).parent / "data" / "tiny_content"


@pytest.fixture
def today() -> dt.date:
    return dt.date(2026, 11, 23)


@pytest.fixture
def tiny_folder(tmp_path: Path) -> Path:
    """A content folder a test may change: invented topics, and the program's own wordings as they ship."""
    folder = tmp_path / "content"
    shutil.copytree(TINY, folder)
    (folder / "wording").mkdir()
    for name in ("general.yml", "checklists.yml"):
        shutil.copy(content_files.SHIPPED / "wording" / name, folder / "wording" / name)
    return folder


@pytest.fixture
def tiny_content(tiny_folder: Path) -> Content:
    return content_files.read_or_raise(tiny_folder)


@pytest.fixture
def tiny_snapshot(tiny_content: Content) -> Snapshot:
    return Snapshot.from_content(tiny_content)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty knowledge database."""
    engine = make_engine(f"sqlite:///{tmp_path / 'knowledge.db'}")
    Base.metadata.create_all(engine)
    yield Store(engine)
    engine.dispose()
