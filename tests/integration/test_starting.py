from __future__ import annotations

import asyncio
import os

import pytest

from desk.__main__ import _stay_on_one_core
from desk.app import create_app
from desk.wiring import Desk


async def test_the_program_is_told_once_when_its_knowledge_is_there(desk_app: Desk) -> None:
    told: list[str] = []
    app = create_app(desk=desk_app, ready=lambda: told.append(desk_app.assistant.runtime.version))
    async with app.router.lifespan_context(app), asyncio.timeout(10):
        while not told:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
    assert told == [desk_app.assistant.runtime.version]


def test_desks_have_a_core_each_while_as_many_are_left_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 1, 2, 7})
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, cores: chosen.append(cores))
    for desks in (1, 2, 3):
        for number in range(desks):
            _stay_on_one_core(number, desks)
    assert chosen == [{1}, {1}, {2}]
