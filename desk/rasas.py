"""One Rasa or several as one bot: a conversation has its own, another helps out, and one that hangs is left alone for a while."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Callable, Mapping

from desk.bot_client import Bot, BotSilent, BotTurn, BotUnavailable, Turn

REST_S = 3.0
AT_ONCE = 4
"""Turns one Rasa has at the same time. It is one thread: more would only make each of them wait there instead of here."""
IN_LINE_S = 4.0
"""Nobody stands in line for longer; the answer comes from knowledge then."""


class Rasas:
    """`bots`: address → the bot there. A bot that did not answer in time rests for REST_S; then one turn tries it again.

    So of many students who write while Rasa hangs only a few wait for it; the others are answered from knowledge at once.
    Of many who write while it works, AT_ONCE are with it and the others stand in line, first come, first served: the time a
    bot has for an answer begins when it takes the turn up.
    """

    def __init__(self, bots: Mapping[str, Bot], clock: Callable[[], float] = time.monotonic, in_line_s: float = IN_LINE_S) -> None:
        self._bots, self._clock, self._in_line_s = dict(bots), clock, in_line_s
        self._doors = {address: asyncio.Semaphore(AT_ONCE) for address in bots}
        self._rests_until: dict[str, float] = {}

    async def reply(self, turn: Turn) -> BotTurn:
        """Raises BotUnavailable when none answers; BotSilent when time ran out, which leaves none for another try."""
        last = BotUnavailable("Rasa did not answer in time just now and is left alone for a moment")
        until = asyncio.get_running_loop().time() + self._in_line_s
        for address in self._in_order(turn.conversation_id):
            if self._rests(address):
                continue
            try:
                async with asyncio.timeout_at(until):
                    await self._doors[address].acquire()
            except TimeoutError:
                last = BotUnavailable(f"Rasa: more turns than it can take, {self._in_line_s} s in line")
                continue
            try:
                if self._may_be_asked(address):  # it may have fallen silent while this turn stood in line
                    return await self._ask(address, turn)
            except BotSilent:
                raise
            except BotUnavailable as error:
                last = error
            finally:
                self._doors[address].release()
        raise last

    async def _ask(self, address: str, turn: Turn) -> BotTurn:
        try:
            answer = await self._bots[address].reply(turn)
        except BotSilent:
            self._rests_until[address] = self._clock() + REST_S
            raise
        self._rests_until.pop(address, None)
        return answer

    async def forget(self, conversation_id: str) -> None:
        """They share one memory, so one that confirms is enough. Raises BotUnavailable when none does."""
        last = BotUnavailable("no Rasa is there")
        for address in self._in_order(conversation_id):
            try:
                return await self._bots[address].forget(conversation_id)
            except BotUnavailable as error:
                last = error
        raise last

    def _in_order(self, conversation_id: str) -> list[str]:
        """Always the same order for a conversation, so that its turns meet the Rasa that has its lock."""
        return sorted(self._bots, key=lambda address: zlib.crc32(f"{conversation_id} {address}".encode()))

    def _rests(self, address: str) -> bool:
        until = self._rests_until.get(address)
        return until is not None and self._clock() < until

    def _may_be_asked(self, address: str) -> bool:
        if self._rests(address):
            return False
        if address in self._rests_until:
            self._rests_until[address] = self._clock() + REST_S  # this turn tries; the next ones wait for what it finds
        return True
