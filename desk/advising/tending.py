"""Conversations nobody has written in for long: closed with a word, or back in line when the student waits for an answer.

A crisis is never touched: only a person ends it.
"""

from __future__ import annotations

import datetime as dt

import structlog
from anyio import to_thread

from desk.advising.line import Line, Quiet
from desk.conversations.service import ConversationService
from desk.conversations.states import State
from desk.errors import Conflict, NotFound

log = structlog.get_logger("desk.tending")


class Tending:
    """`waiting`, `with_advisor`: how long a conversation may be silent in each state."""

    def __init__(self, line: Line, service: ConversationService, waiting: dt.timedelta, with_advisor: dt.timedelta) -> None:
        self._line, self._service = line, service
        self._limits = {State.WAITING: waiting, State.WITH_ADVISOR: with_advisor}

    async def go_round(self) -> int:
        """Returns how many conversations were closed or put back in line."""
        now = self._service.store.clock()
        quiet = await to_thread.run_sync(self._line.quiet)
        stale = [each for each in quiet if each.urgency != "crisis" and now - each.since > self._limits[each.state]]
        done = [each for each in stale if await self._end(each)]
        return len(done)

    async def _end(self, each: Quiet) -> bool:
        new, wording = await to_thread.run_sync(self._fate, each)
        try:
            await self._service.end_quiet(each.conversation_id, each.state, new, wording, each.since)
        except (Conflict, NotFound):
            return False  # somebody wrote, moved or deleted it meanwhile
        log.info("quiet", conversation=each.conversation_id, state=each.state, new=new)
        return True

    def _fate(self, each: Quiet) -> tuple[State, str]:
        """The new state, and the sentence that says so."""
        if each.state is State.WAITING:
            return State.CLOSED, "stale_never_taken"
        if self._line.last_sender(each.conversation_id) == "student":
            return State.WAITING, "stale_back_in_line"
        return State.CLOSED, "stale_closed"
