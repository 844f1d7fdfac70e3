"""Scores first replies against labels. Every share carries its 95 % interval (Wilson)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.questions import HANDOFF, OUT_OF_SCOPE, Question

ANSWERING = frozenset({"answered", "pathway", "checklist"})


@dataclass(frozen=True)
class Judged:
    """One question with the first reply's verdicts. `offered`: right topic answered or among the choices."""

    question: Question
    status: str
    topic: str | None
    facet: str | None
    offered: bool
    topic_right: bool
    facet_right: bool
    wrong: bool
    latency_ms: float

    @property
    def in_scope(self) -> bool:
        return self.question.domain not in (OUT_OF_SCOPE, HANDOFF)

    @property
    def fine(self) -> bool:
        """Nothing to mend: topic and facet answered, or out of scope and not answered."""
        return self.status not in ANSWERING if self.question.domain == OUT_OF_SCOPE else self.facet_right


def judge(question: Question, line: dict[str, Any]) -> Judged:
    first = next((m for m in line["replies"] if m["sender"] in ("bot", "system")), None)
    answer = (first or {}).get("answer") or {}
    status, topic, facet = answer.get("status") or "none", answer.get("topic"), answer.get("facet")
    answering = status in ANSWERING
    right = answering and topic in question.topics
    offered = right or (status == "clarify" and any(c["topic"] in question.topics for c in answer.get("candidates", [])))
    if question.domain == HANDOFF or topic == "talk_to_human":
        right = offered = status == "handoff" if question.domain == HANDOFF else "talk_to_human" in question.topics
    facet_right = right and (facet in question.facets or question.domain == HANDOFF)
    return Judged(question, status, topic, facet, offered, right, facet_right, answering and not right, float(line["latency_ms"]))


def read_replies(path: Path) -> dict[str, dict[str, Any]]:
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {line["id"]: line for line in lines}


@dataclass(frozen=True)
class Share:
    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else float("nan")

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        if not self.of:
            return (float("nan"), float("nan"))
        n, p = self.of, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return (max(0.0, middle - half), min(1.0, middle + half))

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.value * 100:5.1f} %  ({low * 100:.1f}–{high * 100:.1f})  {self.hits}/{self.of}" if self.of else "    –"


def share(judged: Iterable[Judged], hit: Callable[[Judged], bool]) -> Share:
    found = list(judged)
    return Share(sum(map(hit, found)), len(found))


def table(judged: list[Judged]) -> dict[str, Share]:
    """The marks, by name."""
    scoped = [j for j in judged if j.in_scope]
    outside = [j for j in judged if j.question.domain == OUT_OF_SCOPE]
    people = [j for j in judged if j.question.domain == HANDOFF]
    rows = {
        "in scope: right topic answered or offered": share(scoped, lambda j: j.offered),
        "in scope: right topic answered": share(scoped, lambda j: j.topic_right),
        "in scope: right topic and facet answered": share(scoped, lambda j: j.facet_right),
        "students' own posts: right topic answered or offered": share((j for j in scoped if j.question.origin == "user_post"), lambda j: j.offered),
        "confidently wrong topic": share(scoped, lambda j: j.wrong),
        "out of scope not answered": share(outside, lambda j: j.status not in ANSWERING),
        "asks for a person recognised": share(people, lambda j: j.topic_right),
    }
    for language in ("en", "es"):
        rows[f"language {language}: right topic answered or offered"] = share(
            (j for j in scoped if j.question.language == language), lambda j: j.offered
        )
    for part in ("domain", "voice", "origin"):
        for value in sorted({getattr(j.question, part) for j in scoped}):
            rows[f"{part} {value}: topic offered"] = share((j for j in scoped if getattr(j.question, part) == value), lambda j: j.offered)
    return rows


def save(rows: dict[str, Share], path: Path) -> None:
    """As figures: ``{mark: {hits, of}}``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({name: {"hits": s.hits, "of": s.of} for name, s in rows.items()}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def load(path: Path) -> dict[str, Share]:
    return {name: Share(**row) for name, row in json.loads(path.read_text(encoding="utf-8")).items()}


def misses(judged: list[Judged]) -> list[str]:
    """One line for each reply that is not fully right, for reading."""
    lines = []
    for j in judged:
        q = j.question
        if not j.fine:
            lines.append(f"{q.id} [{q.topic}.{q.facet}] → {j.status} {j.topic}.{j.facet}  {q.text[:110]!r}")
    return lines


def latency(judged: list[Judged]) -> tuple[float, float]:
    """p50 and p95 of the time from POST to reply, ms."""
    times = sorted(j.latency_ms for j in judged)
    return (times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]) if times else (0.0, 0.0)
