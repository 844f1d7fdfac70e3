"""The truth about each part, asked fresh (and remembered for a second)."""

from __future__ import annotations

import time
from typing import Any

import httpx
from anyio import to_thread
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from desk.settings import Settings
from knowledge.runtime import Runtime


class Health:
    """`report()` gives ``{status, database, rasa, actions, knowledge_version}`` as the student API promises."""

    def __init__(self, settings: Settings, engine: Engine, runtime: Runtime) -> None:
        self._settings, self._engine, self._runtime = settings, engine, runtime
        self._seen_rasa = False
        self._begun = time.monotonic()
        self._last: tuple[float, dict[str, Any]] | None = None

    async def report(self) -> dict[str, Any]:
        if self._last and time.monotonic() - self._last[0] < 1.0:
            return self._last[1]
        database = "up" if await to_thread.run_sync(self._database_answers) else "down"
        async with httpx.AsyncClient(timeout=1.0) as client:
            rasa = await self._rasa(client)
            actions = "up" if await _answers(client, f"{self._settings.actions_url}/health") else "down"
        version = self._runtime.version
        if database == "down":
            status = "down"
        else:
            status = "ok" if rasa == actions == "up" and version != "loading" else "degraded"
        report = {"status": status, "database": database, "rasa": rasa, "actions": actions, "knowledge_version": version}
        self._last = (time.monotonic(), report)
        return report

    def _database_answers(self) -> bool:
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    async def _rasa(self, client: httpx.AsyncClient) -> str:
        """Up only when a model is loaded; starting until it was up once, for the first two minutes."""
        address = f"{self._settings.rasa_url}/status?token={self._settings.rasa_token}"
        if await _answers(client, address):
            self._seen_rasa = True
            return "up"
        young = time.monotonic() - self._begun < 120
        return "starting" if young and not self._seen_rasa else "down"


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.HTTPError:
        return False
