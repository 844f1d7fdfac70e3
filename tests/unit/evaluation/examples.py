"""Questions, replies and verdicts as these tests need them."""

from __future__ import annotations

from typing import Any

from evaluation.questions import Question


def question(
    number: str = "q1", text: str = "how do i apply for the fafsa", topic: str = "fafsa", facet: str = "how_to_apply", **more: str
) -> Question:
    domain = more.get("domain", "financial_aid")
    told = (more.get("voice", "plain"), more.get("origin", "page_question"))
    return Question(number, text, more.get("language", "en"), domain, topic, facet, *told, frozenset({topic}), frozenset({facet}))


def reply(
    status: str = "answered", entry: str | None = "fafsa.how_to_apply", language: str = "en", candidates: tuple[str, ...] = ()
) -> dict[str, Any]:
    """One bot message of the student API."""
    topic, facet = (entry.split(".")[:2]) if entry else (None, None)
    answer = {
        "status": status,
        "entry_id": entry,
        "topic": topic,
        "facet": facet,
        "knowledge_version": "v1",
        "candidates": [_candidate(c) for c in candidates],
    }
    return {"sender": "bot", "language": language, "text": "…", "choices": [{"id": f"entry:{c}", "label": c} for c in candidates], "answer": answer}


def _candidate(entry: str) -> dict[str, Any]:
    topic, facet = entry.split(".")[:2]
    return {"entry_id": entry, "topic": topic, "facet": facet, "score": 0.4}


def line(number: str = "q1", *replies: dict[str, Any], latency_ms: float = 20.0) -> dict[str, Any]:
    return {"id": number, "question": "…", "replies": list(replies), "latency_ms": latency_ms}
