"""Asks each question in a fresh conversation, as a student's browser would."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from pathlib import Path
from typing import Any

import httpx

from evaluation.questions import Question

PATIENCE_S = 20.0


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
    opened = (await client.post("/api/conversations", json={"language": question.language})).raise_for_status().json()
    address = f"/api/conversations/{opened['conversation_id']}/messages"
    headers = {"Authorization": f"Bearer {opened['token']}"}
    begun = time.perf_counter()
    body = {"client_id": str(uuid.uuid4()), "text": question.text}
    sent = (await client.post(address, json=body, headers=headers)).raise_for_status().json()["message"]
    replies: list[dict[str, Any]] = []
    while not replies and time.perf_counter() - begun < PATIENCE_S:
        found = (await client.get(address, params={"after": sent["seq"]}, headers=headers)).raise_for_status().json()["messages"]
        replies = [m for m in found if m["sender"] != "student"]
        if not replies:
            await asyncio.sleep(0.01)
    took = (time.perf_counter() - begun) * 1000
    return {"id": question.id, "question": question.text, "replies": replies, "latency_ms": round(took, 1)}
