"""Runs our own sets through the student API, a few conversations at a time, and leaves none of them behind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import httpx

from evaluation import set_files, set_scoring
from evaluation.set_files import Case, Script, Several, Spoken
from evaluation.set_scoring import Replies, Verdict
from evaluation.student import Student

NAMES = ("context", "multi", "language", "person", "safety")
Asked = TypeVar("Asked")
Talk = Callable[[str, Sequence[str]], Awaitable[list[Replies]]]
"""Opens a conversation in a language, says each text, and gives what came back for each."""


async def run(url: str, names: Sequence[str] = NAMES, at_once: int = 3, most: int | None = None) -> list[Verdict]:
    """`most`: that many of each set at most, chosen by a fixed seed."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        talk = talker(client, at_once)
        jobs = [job for name in names for job in _jobs(name, talk, most)]
        return [verdict for found in await asyncio.gather(*jobs) for verdict in found]


def talker(client: httpx.AsyncClient, at_once: int) -> Talk:
    """Conversations with the product at `client`, at most so many `at_once`."""
    gate = asyncio.Semaphore(at_once)

    async def talk(language: str, said: Sequence[str]) -> list[Replies]:
        async with gate:
            return await _talk(client, language, said)

    return talk


async def _talk(client: httpx.AsyncClient, language: str, said: Sequence[str]) -> list[Replies]:
    student = await Student.begin(client, language)
    try:
        return [(await student.say(text)).replies for text in said]
    finally:
        await student.leave()


def _jobs(name: str, talk: Talk, most: int | None) -> list[Awaitable[list[Verdict]]]:
    match name:
        case "context":
            return [script(talk, asked) for asked in some(set_files.scripts(), most)]
        case "multi":
            return [_several(talk, asked) for asked in some(set_files.several(), most)]
        case "language":
            return [_spoken(talk, asked) for asked in some(set_files.spoken(), most)]
        case "person":
            return [_case(name, talk, asked) for asked in some(set_files.person(), most)]
        case "safety":
            return [_case(name, talk, asked) for asked in some(set_files.safety(), most)]
        case _:
            raise ValueError(f"no such set: {name} → one of {', '.join(NAMES)}")


def some(asked: list[Asked], most: int | None) -> list[Asked]:
    if most is None or len(asked) <= most:
        return asked
    return [asked[i] for i in sorted(random.Random(0).sample(range(len(asked)), most))]


async def script(talk: Talk, asked: Script) -> list[Verdict]:
    return set_scoring.script(asked, await talk(asked.language, [t.say for t in asked.turns]))


async def _several(talk: Talk, asked: Several) -> list[Verdict]:
    return [set_scoring.message_with_several(asked, (await talk(asked.language, [asked.say]))[-1])]


async def _spoken(talk: Talk, asked: Spoken) -> list[Verdict]:
    return [set_scoring.message_in_language(asked, (await talk(asked.begun_in, [*asked.before, asked.say]))[-1])]


async def _case(name: str, talk: Talk, asked: Case) -> list[Verdict]:
    return [set_scoring.case(name, asked, (await talk(asked.language, [asked.text]))[-1])]
