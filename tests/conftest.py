"""Fixtures shared by every folder: a tiny knowledge base of invented programs, and an empty database."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge import content_files
from knowledge.content_files import Content
from knowledge.editing import Editing
from knowledge.matcher import FEATURES, Calibration
from knowledge.snapshot import Snapshot
from knowledge.store import make_engine
from knowledge.tables import Base
from tests.servers import postgres, postgres_url, redis_server, redis_url

__all__ = ["postgres", "postgres_url", "redis_server", "redis_url"]
TINY = Path(__file__).parent / "data" / "tiny_content"


@pytest.fixture
def today() -> dt.date:
    return dt.date(2026, 11, 23)


def _lay_out(folder: Path) -> Path:
    shutil.copytree(TINY, folder)
    (folder / "wording").mkdir()
    for name in ("general.yml", "checklists.yml"):
        shutil.copy(content_files.SHIPPED / "wording" / name, folder / "wording" / name)
    return folder


@pytest.fixture
def tiny_folder(tmp_path: Path) -> Path:
    """A content folder a test may change: invented topics, and the program's own wordings as they ship."""
    return _lay_out(tmp_path / "content")


@pytest.fixture
def tiny_content(tiny_folder: Path) -> Content:
    return content_files.read_or_raise(tiny_folder)


@pytest.fixture(scope="session")
def tiny_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The same folder as tests begin with, in memory; immutable, so made once."""
    return Snapshot.from_content(content_files.read_or_raise(_lay_out(tmp_path_factory.mktemp("tiny") / "content")))


@pytest.fixture(scope="session")
def steady_limits() -> Calibration:
    """A calibration of the tests' own, so that tuning the shipped one moves no test of the rules."""
    weights = {
        "asking_near_best": 6,
        "asking_near_three": 5,
        "asking_near_middle": 6,
        "asking_letters_best": 2,
        "asking_letters_three": 2,
        "named": 2,
    }
    return Calibration(
        np.array([weights.get(name, 0) for name in FEATURES], np.float32),
        answer=0.75, answer_alone=0.95, part=0.55, refuse=0.6, cover=0.35, near=0.37, near_clarify=0.32,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Editing]:
    """An empty knowledge database."""
    engine = make_engine(f"sqlite:///{tmp_path / 'knowledge.db'}")
    Base.metadata.create_all(engine)
    yield Editing(engine)
    engine.dispose()
