"""Asks each question in a fresh conversation, as a student's browser would."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

from evaluation.questions import Question
from evaluation.student import Student


async def ask_all(questions: list[Question], url: str, out: Path, at_once: int = 4) -> None:
    """Write one JSON object a line, in the order of the questions: ``{id, question, replies, latency_ms}``."""
    gate = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:

        async def one(question: Question) -> dict[str, Any]:
            async with gate:
                return await _ask(client, question)

        results = await asyncio.gather(*(one(q) for q in questions))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in results), encoding="utf-8")


async def _ask(client: httpx.AsyncClient, question: Question) -> dict[str, Any]:
    student = await Student.begin(client, question.language)
    heard = await student.say(question.text)
    return {"id": question.id, "question": question.text, "replies": heard.replies, "latency_ms": round(heard.latency_ms, 1)}
