"""The truth about each part, asked fresh (and remembered for a second)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
from anyio import to_thread
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from desk.conversations.events import Hub
from desk.mail.outbox import Outbox
from desk.settings import Settings
from desk.tables import ConversationRow
from knowledge.runtime import Runtime
from knowledge.tables import MetaRow

CHECKED = "checked_at"
"""A row that is written only to see whether one can be."""


class Health:
    """Of several Rasas or action servers one that answers makes the part up; the whole is `ok` only when each does.

    `report()` gives ``{status, database, rasa, actions, knowledge_version}`` as the student API promises, and with REDIS_URL
    also ``redis``, where e-mail can be sent ``mail``. Mail does not change the whole: one wrong address is no fault of the desk.
    """

    def __init__(self, settings: Settings, engine: Engine, runtime: Runtime, hub: Hub, outbox: Outbox) -> None:
        self._settings, self._engine, self._runtime, self._hub, self._outbox = settings, engine, runtime, hub, outbox
        self._seen_rasa = False
        self._begun = time.monotonic()
        self._last: tuple[float, dict[str, Any]] | None = None

    async def report(self) -> dict[str, Any]:
        if self._last and time.monotonic() - self._last[0] < 1.0:
            return self._last[1]
        database = "up" if await to_thread.run_sync(self._database_answers) else "down"
        async with httpx.AsyncClient(timeout=1.0) as client:
            rasas = await _all_answer(client, [f"{url}/status?token={self._settings.rasa_token}" for url in self._settings.rasa_urls])
            actions = await _all_answer(client, [f"{url}/health" for url in self._settings.actions_urls])
        version, rasa = self._runtime.version, self._rasa(any(rasas))
        if database == "down":
            status = "down"
        else:
            status = "ok" if all(rasas) and all(actions) and self._hub.connected and version != "loading" else "degraded"
        report = {"status": status, "database": database, "rasa": rasa, "actions": "up" if any(actions) else "down", "knowledge_version": version}
        if self._settings.redis_url:
            report["redis"] = "up" if self._hub.connected else "down"
        if self._outbox.works and database == "up":
            report["mail"] = await to_thread.run_sync(self._mail)
        self._last = (time.monotonic(), report)
        return report

    def _database_answers(self) -> bool:
        """Up only if it can be read and written, with the tables this program knows: a full disk or old tables are no use."""
        now = {"value": str(time.time())}
        try:
            with self._engine.begin() as connection:
                connection.execute(select(ConversationRow).limit(0))
                if not connection.execute(update(MetaRow).where(MetaRow.name == CHECKED).values(now)).rowcount:
                    connection.execute(insert(MetaRow).values({"name": CHECKED, **now}))
        except IntegrityError:
            return True  # another desk wrote it for the first time in this moment
        except SQLAlchemyError:
            return False
        return True

    def _mail(self) -> str:
        """Whether e-mail gets away, as the last day shows."""
        backlog = self._outbox.store.backlog()
        return "given_up" if backlog.given_up else "waiting" if backlog.waiting else "up"

    def _rasa(self, answers: bool) -> str:
        """Up only when a model is loaded; starting until it was up once, for the first two minutes."""
        self._seen_rasa = self._seen_rasa or answers
        young = time.monotonic() - self._begun < 120
        return "up" if answers else "starting" if young and not self._seen_rasa else "down"


async def _all_answer(client: httpx.AsyncClient, urls: list[str]) -> list[bool]:
    return list(await asyncio.gather(*(_answers(client, url) for url in urls)))


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.HTTPError:
        return False
