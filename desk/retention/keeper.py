"""Deletes what is past its time, and sees to it that Rasa forgets what was deleted. Part of the desk's keeper."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog
from anyio import to_thread

from desk.bot_client import Bot, BotUnavailable
from desk.conversations.store import Clock
from desk.retention import logs
from desk.retention.schedule import Schedule
from desk.retention.store import RetentionStore
from desk.staff.audit import Audit

log = structlog.get_logger("desk.retention")
EVERY = dt.timedelta(hours=1)
SETTLES = dt.timedelta(seconds=60)
"""So long after a deletion the bot is told to forget again: a turn that was under way then may have reached it after."""
SCHEDULE = "schedule"
"""Who the audit log says it was."""


@dataclass(frozen=True)
class Report:
    """Counts only. `held`: past their time and kept by a legal hold. `late`: over the promise, which should be none."""

    transcripts: int = 0
    messages: int = 0
    misses: int = 0
    audit_rows: int = 0
    log_files: int = 0
    held: int = 0
    late: int = 0

    @property
    def deleted(self) -> int:
        return self.transcripts + self.misses + self.audit_rows + self.log_files


class RetentionKeeper:
    """`log_folder` may not exist. `look()` is called every second and acts when it is time."""

    def __init__(self, store: RetentionStore, audit: Audit, bot: Bot, schedule: Schedule, log_folder: Path, clock: Clock) -> None:
        self.store, self.audit, self.bot, self.schedule = store, audit, bot, schedule
        self._logs, self._clock = log_folder, clock
        self._next = self._next_forgetting = dt.datetime.min.replace(tzinfo=dt.UTC)

    async def look(self) -> None:
        now = self._clock()
        if now >= self._next_forgetting:
            self._next_forgetting = now + SETTLES / 4
            await self.forget()
        if now >= self._next:
            self._next = now + EVERY
            await to_thread.run_sync(self.run)

    def plan(self) -> Report:
        """What `run` would delete now."""
        return Report(**self.store.due(self.schedule), log_files=logs.remove_old(self._logs, self.schedule.logs, self._clock(), dry=True))

    def run(self) -> Report:
        """Delete all that is due; noted in the audit log when anything was."""
        planned = self.plan()
        while self.store.delete_due(self.schedule):
            pass
        audit_rows = self.audit.prune(self.schedule.audit.due(self._clock()))
        files = logs.remove_old(self._logs, self.schedule.logs, self._clock())
        logs.begin_anew(self._logs, self.schedule.logs, self._clock())
        done = Report(**{**asdict(planned), "audit_rows": audit_rows, "log_files": files, "late": self.store.due(self.schedule)["late"]})
        if done.deleted or done.late:
            self.audit.note(SCHEDULE, "deleted_by_schedule", "retention", **asdict(done))
            log.info("deleted_by_schedule", **asdict(done))
        return done

    async def forget(self) -> int:
        """Tell the bot to forget what was deleted a while ago; what it does not confirm is asked again. Returns how many it did."""
        before, done = self._clock() - SETTLES, 0
        for conversation_id in await to_thread.run_sync(self.store.to_forget, before):
            try:
                await self.bot.forget(conversation_id)
            except BotUnavailable:
                break
            await to_thread.run_sync(self.store.forgotten, conversation_id)
            done += 1
        return done
