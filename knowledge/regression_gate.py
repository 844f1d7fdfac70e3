"""Would a change turn right answers wrong? The accepted questions are asked of what is published and of what would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from knowledge.assistant import Assistant
from knowledge.draft_index import changes_of
from knowledge.memory import Memory
from knowledge.regression import Accepted
from knowledge.replies import AnswerStatus, Reply
from knowledge.schema import Entry
from knowledge.snapshot import Snapshot
from knowledge.trial import Trial

NEAR_ENOUGH_TO_MATTER = 0.25
"""Cosine to a phrasing that came or went; well below what the matcher would even offer (`near_clarify`), since others may gain by it."""


@dataclass(frozen=True)
class Culprit:
    """A question that is answered right now and would not be any more. `before`, `after`: targets, or a reply's status."""

    question: str
    language: str
    before: str
    after: str
    text: str


def culprits(pairs: Iterable[Accepted], before: Trial, after: Trial, today: Callable[[], dt.date]) -> list[Culprit]:
    """Every accepted question that the change turns wrong, in the order of the pairs. What was wrong before does not count."""
    if before.current()[1] is after.current()[1] and set(before.snapshot().entries) == set(after.snapshot().entries):
        return []  # nothing that questions are found by has changed
    known, would = Assistant(before, today), Assistant(after, today)
    found = []
    for pair, vector in _touched([p for p in pairs if _published(p.target, before.snapshot())], before, after):
        reply = _first(would, pair, vector)
        if (now := outcome_of(reply)) != pair.target and outcome_of(_first(known, pair, vector)) == pair.target:
            found.append(Culprit(pair.question, pair.language, pair.target, now, reply.text))
    return found


def asked(pairs: Iterable[Accepted], trial: Trial, today: Callable[[], dt.date]) -> list[tuple[Accepted, str]]:
    """Every pair with what its question gets now, in order: its target, if all is well."""
    held, assistant = list(pairs), Assistant(trial, today)
    vectors: Iterable[np.ndarray] = trial.vectors([pair.question for pair in held]) if held else ()
    return [(pair, outcome_of(_first(assistant, pair, vector))) for pair, vector in zip(held, vectors)]


def _touched(pairs: list[Accepted], before: Trial, after: Trial) -> list[tuple[Accepted, np.ndarray]]:
    """The pairs a change can reach, with their vectors: those whose target changed, and those near to a phrasing that came
    or went. What is farther than that cannot turn an answer; names that changed can, anywhere."""
    if not pairs:
        return []
    questions = [pair.question for pair in pairs]
    vectors = before.vectors(questions)
    old, new = before.current()[1], after.current()[1]
    if old.index.terms != new.index.terms:
        return list(zip(pairs, vectors))
    changes = changes_of(old.index, after.snapshot())
    seen = old.index.seen(questions, before.vectors).plain()
    rows = np.vstack([old.index.meanings.plain(changes.gone), new.index.meanings.plain(changes.come)])
    near = (seen @ rows.T).max(axis=1, initial=-1) >= NEAR_ENOUGH_TO_MATTER
    changed = {*old.index.ids_of(changes.gone), *new.index.ids_of(changes.come)}
    return [(p, v) for p, v, close in zip(pairs, vectors, near) if close or p.target.rpartition(":")[2] in changed]


def outcome_of(reply: Reply) -> str:
    """The target a reply came from, written as in the regression set; otherwise its status."""
    answer = reply.answer
    if answer is None:
        return "nothing"
    if answer.status is AnswerStatus.ANSWERED and answer.entry_id:
        return answer.entry_id
    if refusal := reply.provenance.get("refusal"):
        return f"refusal:{refusal}"
    if answer.status is AnswerStatus.CHECKLIST and (checklist := reply.provenance.get("checklist")):
        return f"checklist:{checklist}"
    return answer.status.value


def _published(target: str, snapshot: Snapshot) -> bool:
    kind, _, key = target.rpartition(":")
    return key in snapshot.documents.get(kind or Entry.kind, {})


def _first(assistant: Assistant, pair: Accepted, vector: np.ndarray) -> Reply:
    assistant.learn({pair.question: vector})
    return assistant.ask(pair.question, pair.language, Memory()).replies[0]
