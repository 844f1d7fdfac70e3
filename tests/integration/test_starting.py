from __future__ import annotations

import asyncio

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
