from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from language import garbage


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_is_there_is_set_aside_and_looks_become_seldom() -> None:
    kept = [[n] for n in range(1000)]
    garbage.set_aside()
    assert gc.get_freeze_count() > len(kept)
    assert gc.get_threshold() == garbage.SELDOM


def test_garbage_made_later_is_still_found() -> None:
    garbage.set_aside()
    loop: list[object] = []
    loop.append(loop)
    del loop
    assert gc.collect() >= 1
