"""Fits how the matcher joins its signals, and where it answers, asks back or declines.

Weights: conditional logit (softmax over targets) on labelled questions, by gradient descent from nothing. Thresholds: the
ones that cost least under `COSTS`.

What the figures told are worth: each fold's weights are fitted from nothing, without the questions they judge; only the
four thresholds are chosen on the very verdicts that are told, so the figures are a little hopeful. Questions never tuned on give an honest one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from evaluation.descent import adam, softmax
from evaluation.questions import HANDOFF, OUT_OF_SCOPE, Question
from knowledge.index import OUT_OF_SCOPE as OOS
from knowledge.matcher import FEATURES, NEAR, Matcher
from knowledge.snapshot import Snapshot

FOLDS, STEPS, RATE, PULL, FACET_WEIGHT = 5, 400, 0.1, 0.0001, 1.0
COSTS = {"wrong": 4.0, "asked": 1.25, "refused": 3.0, "answered_outside": 4.0, "asked_outside": 0.25}
PATH = Path(__file__).parent.parent / "knowledge" / "calibration.json"


@dataclass(frozen=True)
class Sample:
    """One question's signals: `table` (targets, FEATURES); `topic_ok`, `full_ok`: which targets would be right."""

    question: Question
    table: np.ndarray
    topic_ok: np.ndarray
    full_ok: np.ndarray


def sample(matcher: Matcher, question: Question, filed: Callable[[str], str] = str) -> Sample:
    """`filed`: a topic's slug as replies tell it; an answer filed under a wanted topic is right."""
    read = matcher.read(question.text)
    table = matcher.features(read, matcher.look(read, matcher.encode(read.texts)), matcher.names(question.text).topics)
    topics = {OOS} if question.domain == OUT_OF_SCOPE else {"talk_to_human"} if question.domain == HANDOFF else question.topics
    topic_ok = np.array([t.topic in topics or filed(t.topic) in topics for t in matcher.index.targets])
    easy = question.domain in (OUT_OF_SCOPE, HANDOFF)
    full_ok = topic_ok if easy else topic_ok & np.array([t.facet in question.facets for t in matcher.index.targets])
    return Sample(question, table, topic_ok, full_ok if full_ok.any() else topic_ok)


def fit(samples: Sequence[Sample], start: np.ndarray) -> np.ndarray:
    """Weights that make the right targets likely: topic first, then facet. Pulled towards `start`."""
    tables = np.stack([s.table for s in samples])  # (questions, targets, FEATURES)
    rights = [(np.stack([s.topic_ok for s in samples]), 1.0), (np.stack([s.full_ok for s in samples]), FACET_WEIGHT)]
    weights = start.astype(np.float64).copy()
    move = adam(weights)
    for _ in range(STEPS):
        chances = softmax(tables @ weights.astype(np.float32))
        missing = np.zeros_like(chances)
        for right, share in rights:
            aimed = np.where(right, chances, 0)
            missing += share * (chances - aimed / np.maximum(aimed.sum(1, keepdims=True), 1e-12))
        move(PULL * (weights - start) + np.tensordot(missing, tables, axes=2) / len(samples), RATE)
    return weights


@dataclass(frozen=True)
class Verdict:
    """What a sample would get. `top`: best topic's probability; `outside`: probability of out of scope."""

    sample: Sample
    top: float
    outside: float
    right: bool
    full: bool
    offered: bool
    nearness: float


def verdict(matcher: Matcher, s: Sample, weights: np.ndarray) -> Verdict:
    chances = softmax(s.table @ weights)
    topics = np.array([t.topic for t in matcher.index.targets])
    names = sorted(set(topics))
    by_topic = {n: float(chances[topics == n].sum()) for n in names}
    ranked = sorted(names, key=lambda n: -by_topic[n])
    best = ranked[0]
    of_best = np.flatnonzero(topics == best)
    chosen = of_best[np.argmax(chances[of_best])]
    ok_topics = set(topics[s.topic_ok])
    offered = any(n in ok_topics for n in [r for r in ranked if r not in (OOS, "talk_to_human")][:3])
    return Verdict(s, by_topic[best], by_topic.get(OOS, 0.0), best in ok_topics, bool(s.full_ok[chosen]), offered, float(s.table[:, NEAR].max()))


def cost(verdicts: Sequence[Verdict], answer: float, refuse: float, cover: float, near: float) -> float:
    total = 0.0
    for v in verdicts:
        outside = v.sample.question.domain == OUT_OF_SCOPE
        action = decide(v, answer, refuse, cover, near)
        if outside:
            total += {"answer": COSTS["answered_outside"], "ask": COSTS["asked_outside"], "refuse": 0.0}[action]
        elif action == "answer":
            total += 0.0 if v.right else COSTS["wrong"]
        elif action == "ask":
            total += COSTS["asked"] if v.offered else COSTS["refused"]
        else:
            total += COSTS["refused"]
    return total


def decide(v: Verdict, answer: float, refuse: float, cover: float, near: float) -> str:
    """The rule of knowledge/assistant.py, on numbers alone."""
    best_is_outside = v.outside >= v.top
    if best_is_outside and v.outside >= refuse:
        return "refuse"
    if not best_is_outside and v.top >= answer and v.nearness >= near:
        return "answer"
    return "ask" if 1 - v.outside >= cover and v.nearness >= near - 0.1 else "refuse"


def tune(snapshot: Snapshot, matcher: Matcher, questions: Sequence[Question], write: bool, say: Callable[[str], None] = print) -> None:
    samples = [sample(matcher, q, snapshot.filed) for q in questions]
    start = np.zeros(len(FEATURES))
    folds = [i % FOLDS for i in range(len(samples))]
    held: list[Verdict] = []
    for fold in range(FOLDS):
        weights = fit([s for s, f in zip(samples, folds, strict=True) if f != fold], start)
        held += [verdict(matcher, s, weights) for s, f in zip(samples, folds, strict=True) if f == fold]
    answers = np.arange(0.5, 0.81, 0.05)  # what is less likely right than not is asked, not told
    grid = product(answers, np.arange(0.3, 0.81, 0.05), np.arange(0.1, 0.5, 0.05), np.arange(0.45, 0.66, 0.05))
    answer, refuse, cover, near = min(grid, key=lambda g: cost(held, *map(float, g)))
    _report(held, float(answer), float(refuse), float(cover), float(near), say)
    final = fit(samples, start)
    say("weights " + ", ".join(f"{n} {w:.2f}" for n, w in zip(FEATURES, final, strict=True)))
    if write:
        data = json.loads(PATH.read_text(encoding="utf-8"))
        data["weights"] = {n: round(float(w), 3) for n, w in zip(FEATURES, final, strict=True)}
        chosen = {"answer": answer, "refuse": refuse, "cover": cover, "near": near, "near_clarify": near - 0.1}
        data["thresholds"].update({n: round(float(v), 3) for n, v in chosen.items()})
        PATH.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def _report(held: Sequence[Verdict], answer: float, refuse: float, cover: float, near: float, say: Callable[[str], None]) -> None:
    scoped = [v for v in held if v.sample.question.domain not in (OUT_OF_SCOPE, HANDOFF)]
    outside = [v for v in held if v.sample.question.domain == OUT_OF_SCOPE]
    done = {id(v): decide(v, answer, refuse, cover, near) for v in held}

    def share(found: Sequence[Verdict], hit: Callable[[Verdict], bool]) -> str:
        return f"{100 * sum(map(hit, found)) / max(1, len(found)):5.1f} % of {len(found)}"

    say(f"thresholds answer {answer:.2f}, refuse {refuse:.2f}, cover {cover:.2f}, near {near:.2f} (cross-validated figures follow)")
    say("top topic right             " + share(scoped, lambda v: v.right))
    say("answered or offered         " + share(scoped, lambda v: (done[id(v)] == "answer" and v.right) or (done[id(v)] == "ask" and v.offered)))
    say("answered, topic and facet   " + share(scoped, lambda v: done[id(v)] == "answer" and v.right and v.full))
    say("confidently wrong           " + share(scoped, lambda v: done[id(v)] == "answer" and not v.right))
    say("out of scope not answered   " + share(outside, lambda v: done[id(v)] != "answer"))
    for v in held:
        action, q = done[id(v)], v.sample.question
        bad = action == "answer" if q.domain == OUT_OF_SCOPE else action != "answer" or not v.right or not v.full
        if bad:
            say(
                f"  {q.id} [{q.topic}.{q.facet}] {action} right={v.right} full={v.full} offered={v.offered} top={v.top:.2f} oos={v.outside:.2f} near={v.nearness:.2f} {q.text[:90]!r}"
            )
