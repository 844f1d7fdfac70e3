"""What is looked for among conversations, and what a reviewer sees of one in the list: plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from desk.conversations.states import State
from knowledge.schema import Language

Verdict = Literal["right", "wrong", "incomplete"]
VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "incomplete")
LOW_SCORE = 0.8
"""An answer given with a smaller probability is one to look at."""


@dataclass(frozen=True)
class Wanted:
    """An empty filter lets everything through. `since`, `until`: days at the office, both included.

    `sample`: so many drawn by lot, the same for everybody on the same day; 0 for all, the newest first.
    """

    since: dt.datetime
    until: dt.datetime
    state: str = ""
    language: str = ""
    topic: str = ""
    reason: str = ""
    low: bool = False
    loops: bool = False
    unhelpful: bool = False
    unmarked: bool = False
    sample: int = 0
    day: str = ""


@dataclass(frozen=True)
class Found:
    """One conversation in the list. `outcomes`: how often each; `asked`: the first words of the student."""

    id: str
    state: State
    language: Language
    updated_at: dt.datetime
    asked: str
    outcomes: dict[str, int]
    topics: tuple[str, ...]
    reasons: tuple[str, ...]
    unhelpful: int
    lowest: float | None
    marks: dict[str, int]


@dataclass(frozen=True)
class Mark:
    seq: int
    by: str
    user_id: int
    verdict: Verdict
    should_be: str | None
    note: str
    at: dt.datetime
