"""A run as a report: figures for programs (report.json) and a page for people (report.html)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluation import confusion, scoring
from evaluation.questions import OUT_OF_SCOPE, Question
from evaluation.scoring import Judged, Share

PARTS = ("domain", "voice", "origin", "language")


@dataclass(frozen=True)
class Miss:
    id: str
    question: str
    expected: str
    status: str
    came: str
    offered: bool


@dataclass(frozen=True)
class Report:
    """`parts`: for each of PARTS, value → marks. `confused`: (label, what came) → count."""

    made_on: str
    knowledge_version: str
    questions: int
    marks: dict[str, Share]
    parts: dict[str, dict[str, dict[str, Share]]]
    confused: dict[tuple[str, str], int]
    misses: list[Miss]
    latency_ms: tuple[float, float]

    def as_json(self) -> str:
        data = {
            "made_on": self.made_on, "knowledge_version": self.knowledge_version, "questions": self.questions,
            "latency_ms": {"p50": self.latency_ms[0], "p95": self.latency_ms[1]},
            "marks": {name: _figures(s) for name, s in self.marks.items()},
            "parts": {part: {v: {m: _figures(s) for m, s in marks.items()} for v, marks in values.items()} for part, values in self.parts.items()},
            "confused": [{"label": label, "came": came, "count": count} for (label, came), count in self.confused.items()],
            "misses": [asdict(m) for m in self.misses],
        }  # fmt: skip
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _figures(share: Share) -> dict[str, Any]:
    low, high = share.interval()
    return {
        "hits": share.hits,
        "of": share.of,
        **({"value": round(share.value, 4), "low": round(low, 4), "high": round(high, 4)} if share.of else {}),
    }


def make(questions: list[Question], replies: dict[str, dict[str, Any]], today: dt.date) -> Report:
    """Of the questions that were asked; the rest are left out of every figure."""
    judged = [scoring.judge(q, replies[q.id]) for q in questions if q.id in replies]
    slices = tuple(f"{part} " for part in PARTS if part != "language")
    marks = {name: s for name, s in scoring.table(judged).items() if not name.startswith(slices)}
    parts = {part: {v: _part_marks(found) for v, found in sorted(_split(judged, part).items())} for part in PARTS}
    confused = dict(sorted(confusion.confused(judged).items(), key=lambda item: (-item[1], item[0])))
    missed = [_miss(j) for j in judged if not j.fine]
    return Report(today.isoformat(), _version(replies), len(judged), marks, parts, confused, missed, scoring.latency(judged))


def _split(judged: list[Judged], part: str) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = {}
    for j in judged:
        found.setdefault(getattr(j.question, part) or "(not told)", []).append(j)
    return found


def _part_marks(judged: list[Judged]) -> dict[str, Share]:
    scoped = [j for j in judged if j.in_scope]
    outside = [j for j in judged if j.question.domain == OUT_OF_SCOPE]
    return {
        "topic answered or offered": scoring.share(scoped, lambda j: j.offered),
        "topic and facet answered": scoring.share(scoped, lambda j: j.facet_right),
        "confidently wrong": scoring.share(scoped, lambda j: j.wrong),
        "out of scope not answered": scoring.share(outside, lambda j: j.status not in scoring.ANSWERING),
    }


def _miss(j: Judged) -> Miss:
    came = f"{j.topic}.{j.facet}" if j.topic else ""
    return Miss(j.question.id, j.question.text, f"{j.question.topic}.{j.question.facet}", j.status, came, j.offered)


def _version(replies: dict[str, dict[str, Any]]) -> str:
    """The version of the knowledge that answered; several, if it changed meanwhile."""
    seen = {(m.get("answer") or {}).get("knowledge_version") for line in replies.values() for m in line["replies"]}
    return ", ".join(sorted(filter(None, seen))) or "not told"


def write(report: Report, folder: Path) -> None:
    from evaluation import report_page

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(report.as_json(), encoding="utf-8")
    (folder / "report.html").write_text(report_page.page(report), encoding="utf-8")
