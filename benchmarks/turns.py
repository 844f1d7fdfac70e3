"""How long a turn takes, in fresh and in long conversations, alone and with many students at once."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from benchmarks.bots import Bot, NoReply, Talk
from benchmarks.messages import A_CONVERSATION, conversation


@dataclass(frozen=True)
class Throughput:
    """`answered` turns within `seconds`; `errors` were refused or not answered in time, for these `causes`."""

    students: int
    answered: int
    errors: int
    seconds: float
    causes: tuple[str, ...] = ()

    @property
    def per_second(self) -> float:
        return round(self.answered / self.seconds, 2)


async def one_by_one(bot: Bot, first: int, count: int) -> list[list[float]]:
    """Conversations `first` to `first + count`, one after another: milliseconds of each turn of each."""
    return [await _talk(bot, conversation(bot.messages, number)) for number in range(first, first + count)]


async def side_by_side(ours: Bot, default: Bot, conversations: int, block: int = 10) -> tuple[list[list[float]], list[list[float]]]:
    """Both bots in turns, a block each, so that whatever else the machine does troubles both alike."""
    for bot in (ours, default):  # not measured: what is done for the very first time
        await one_by_one(bot, 3000, 3)
    took: tuple[list[list[float]], list[list[float]]] = ([], [])
    for first in range(0, conversations, block):
        for bot, kept in zip((ours, default), took, strict=True):
            kept += await one_by_one(bot, first, min(block, conversations - first))
    return took


async def long_conversations(bot: Bot, turns: int, count: int) -> list[list[float]]:
    """The same few questions over and over, so that early and late turns do the same work."""
    groups = len(bot.messages) // A_CONVERSATION
    return [await _talk(bot, conversation(bot.messages, (n + 100) * groups, turns)) for n in range(count)]


async def crowds(ours: Bot, default: Bot, students: int, count: int) -> tuple[Throughput, Throughput]:
    """So many crowds of other students each, the bots in turns: one crowd is over in three seconds, which says little."""
    found: tuple[list[Throughput], list[Throughput]] = ([], [])
    for number in range(count):
        for bot, kept in zip((ours, default), found, strict=True):
            kept.append(await at_once(bot, students, first=2000 + number * students))
    return _together(found[0]), _together(found[1])


def _together(parts: list[Throughput]) -> Throughput:
    causes = tuple(cause for part in parts for cause in part.causes)
    return Throughput(parts[0].students, sum(p.answered for p in parts), len(causes), round(sum(p.seconds for p in parts), 3), causes)


async def at_once(bot: Bot, students: int, turns: int = A_CONVERSATION, first: int = 2000) -> Throughput:
    """All students talk at the same time, each sends as soon as the reply before is there. `first`: number of the first conversation."""
    async with AsyncExitStack() as open_talks:
        talks: list[Talk] = [await open_talks.enter_async_context(bot.converse()) for _ in range(students)]
        begun = time.perf_counter()
        done = await asyncio.gather(*(_all(talk, conversation(bot.messages, first + n, turns)) for n, talk in enumerate(talks)))
        seconds = time.perf_counter() - begun
    causes = tuple(cause for found in done for cause in found)
    return Throughput(students, students * turns - len(causes), len(causes), round(seconds, 3), causes)


async def _talk(bot: Bot, texts: list[str]) -> list[float]:
    async with bot.converse() as talk:
        return [await talk.say(text) for text in texts]


async def _all(talk: Talk, texts: list[str]) -> list[str]:
    """Say everything; why messages stayed without a reply."""
    causes = []
    for text in texts:
        try:
            await talk.say(text)
        except NoReply as error:
            causes.append(str(error))
    return causes
