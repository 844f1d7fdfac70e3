"""What stands in for the world outside the desk: bots, and time."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

import requests

from desk.bot_client import BotTurn, BotUnavailable, Turn
from desk.mail.post import NotSent
from knowledge.replies import Answer, AnswerStatus, Reply

MONDAY_MORNING = dt.datetime(2026, 11, 23, 18, 0, tzinfo=dt.UTC)
"""10:00 in Seattle, within the office hours."""
MONDAY_NIGHT = dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)
"""22:00 in Seattle."""


class SetClock:
    """Stands still until told to go on; each look is a microsecond later, so that order in time is order of looking."""

    def __init__(self, now: dt.datetime = MONDAY_MORNING) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(microseconds=1)
        return self.now

    def goes_on(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


def echo(turn: Turn) -> BotTurn:
    return BotTurn([says(turn, f"You said: {turn.text}")], turn.memory)


def says(turn: Turn, text: str) -> Reply:
    return Reply(text=text, language=turn.language, answer=Answer(status=AnswerStatus.ANSWERED))


class ScriptedBot:
    """Answers by a function, and remembers what it was asked and told to forget. `opens` holds it back until set."""

    def __init__(self, answer: Callable[[Turn], BotTurn] = echo) -> None:
        self.answer = answer
        self.turns: list[Turn] = []
        self.forgotten: list[str] = []
        self.opens: asyncio.Event | None = None

    async def reply(self, turn: Turn) -> BotTurn:
        self.turns.append(turn)
        if self.opens is not None:
            await self.opens.wait()
        return self.answer(turn)

    async def forget(self, conversation_id: str) -> None:
        self.forgotten.append(conversation_id)


class AbsentBot(ScriptedBot):
    """Rasa while it is down: the desk must answer from knowledge."""

    async def reply(self, turn: Turn) -> BotTurn:
        self.turns.append(turn)
        raise BotUnavailable("nobody is there")


def no_web(url: str) -> requests.Response:
    """As if there were no network."""
    raise requests.ConnectionError


class KeptPost:
    """Keeps what would go out. `down`: as if the mail server did not answer."""

    works = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.down = False

    async def send(self, to: str, subject: str, text: str) -> None:
        if self.down:
            raise NotSent("away")
        self.sent.append((to, subject, text))
