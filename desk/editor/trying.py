"""“Try it”: a question asked of the knowledge with a change that is not published, with scores; and the gate before publishing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from knowledge import regression
from knowledge.assistant import Assistant
from knowledge.editing import Editing
from knowledge.memory import Memory
from knowledge.regression import Accepted
from knowledge.regression_gate import Culprit, asked, culprits, outcome_of
from knowledge.schema import Document
from knowledge.trial import Trial, Trials
from language.detect import detect

MOST = 5


@dataclass(frozen=True)
class Score:
    target: str
    kind: str
    probability: float
    nearest: str


@dataclass(frozen=True)
class Tried:
    """What would be answered, and what is answered now (the same names as in the regression set)."""

    question: str
    language: str
    would: str
    now: str
    text: str
    choices: tuple[str, ...]
    scores: tuple[Score, ...]


class Trying:
    def __init__(self, trials: Trials, store: Editing, today: Callable[[], dt.date]) -> None:
        self._trials, self._store, self._today = trials, store, today

    def ask(self, question: str, document: Document | None) -> Tried:
        """`document`: the draft; None asks what is published."""
        before = self._trials.published()
        after = self._trials.of([document]) if document else before
        language = detect(question)
        reply = Assistant(after, self._today).ask(question, language, Memory()).replies[0]
        now = Assistant(before, self._today).ask(question, language, Memory()).replies[0]
        scored = after.current()[1].match(question).scored[:MOST]
        scores = tuple(Score(s.target.id, s.target.kind, s.probability, s.nearest) for s in scored)
        return Tried(question, language, outcome_of(reply), outcome_of(now), reply.text, tuple(c.label for c in reply.choices), scores)

    def held(self) -> int:
        """How many accepted questions are asked before something is published."""
        return len(regression.accepted(self._store))

    def accepted(self, pairs: Iterable[Accepted]) -> list[tuple[Accepted, str]]:
        """Accepted questions with what they get from what is published now."""
        return asked(pairs, self._trials.published(), self._today)

    def harm(self, put: tuple[Document, ...] = (), without: tuple[tuple[str, str], ...] = ()) -> list[Culprit]:
        """The accepted questions that this change would turn wrong."""
        after: Trial = self._trials.of(put, without)
        return culprits(regression.accepted(self._store), self._trials.published(), after, self._today)
