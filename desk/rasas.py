"""One Rasa or several as one bot: a conversation has its own, another helps out, and one that hangs is left alone for a while."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Mapping

from desk.bot_client import Bot, BotSilent, BotTurn, BotUnavailable, Turn

REST_S = 3.0


class Rasas:
    """`bots`: address → the bot there. A bot that did not answer in time rests for REST_S; then one turn tries it again.

    So of many students who write while Rasa hangs only a few wait for it; the others are answered from knowledge at once.
    """

    def __init__(self, bots: Mapping[str, Bot], clock: Callable[[], float] = time.monotonic) -> None:
        self._bots, self._clock = dict(bots), clock
        self._rests_until: dict[str, float] = {}

    async def reply(self, turn: Turn) -> BotTurn:
        """Raises BotUnavailable when none answers; BotSilent when time ran out, which leaves none for another try."""
        last = BotUnavailable("Rasa did not answer in time just now and is left alone for a moment")
        for address in self._in_order(turn.conversation_id):
            if not self._may_be_asked(address):
                continue
            try:
                answer = await self._bots[address].reply(turn)
            except BotSilent:
                self._rests_until[address] = self._clock() + REST_S
                raise
            except BotUnavailable as error:
                last = error
                continue
            self._rests_until.pop(address, None)
            return answer
        raise last

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

    def _may_be_asked(self, address: str) -> bool:
        until, now = self._rests_until.get(address), self._clock()
        if until is None:
            return True
        if now < until:
            return False
        self._rests_until[address] = now + REST_S  # this turn tries; the next ones wait for what it finds
        return True
