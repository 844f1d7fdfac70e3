"""Runs our own sets through the student API, a few conversations at a time, and leaves none of them behind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import httpx

from evaluation import set_files, set_scoring
from evaluation.set_files import Case, Script, Several, Spoken
from evaluation.set_scoring import Replies, Verdict
from evaluation.student import Student

NAMES = ("context", "multi", "language", "person", "safety")
Asked = TypeVar("Asked")


async def run(url: str, names: Sequence[str] = NAMES, at_once: int = 3, most: int | None = None) -> list[Verdict]:
    """`most`: that many of each set at most, chosen by a fixed seed."""
    gate = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:

        async def talk(language: str, said: Sequence[str]) -> list[Replies]:
            async with gate:
                return await _talk(client, language, said)

        one = {"context": _script, "multi": _several, "language": _spoken, "person": _person, "safety": _safety}
        jobs: list[Awaitable[list[Verdict]]] = [one[name](talk, asked) for name in names for asked in _some(_load(name), most)]
        return [verdict for found in await asyncio.gather(*jobs) for verdict in found]


Talk = Callable[[str, Sequence[str]], Awaitable[list[Replies]]]


async def _talk(client: httpx.AsyncClient, language: str, said: Sequence[str]) -> list[Replies]:
    student = await Student.begin(client, language)
    try:
        return [(await student.say(text)).replies for text in said]
    finally:
        await student.leave()


def _load(name: str) -> list[Any]:
    return list({"context": set_files.scripts, "multi": set_files.several, "language": set_files.spoken, "person": set_files.person, "safety": set_files.safety}[name]())


def _some(asked: list[Asked], most: int | None) -> list[Asked]:
    if most is None or len(asked) <= most:
        return asked
    return [asked[i] for i in sorted(random.Random(0).sample(range(len(asked)), most))]


async def _script(talk: Talk, asked: Script) -> list[Verdict]:
    return set_scoring.script(asked, await talk(asked.language, [t.say for t in asked.turns]))


async def _several(talk: Talk, asked: Several) -> list[Verdict]:
    return [set_scoring.message_with_several(asked, (await talk(asked.language, [asked.say]))[-1])]


async def _spoken(talk: Talk, asked: Spoken) -> list[Verdict]:
    return [set_scoring.message_in_language(asked, (await talk(asked.begun_in, [*asked.before, asked.say]))[-1])]


async def _person(talk: Talk, asked: Case) -> list[Verdict]:
    return [set_scoring.case("person", asked, (await talk(asked.language, [asked.text]))[-1])]


async def _safety(talk: Talk, asked: Case) -> list[Verdict]:
    return [set_scoring.case("safety", asked, (await talk(asked.language, [asked.text]))[-1])]
