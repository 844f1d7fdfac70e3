"""Whole conversations through the real Rasa: dialogue acts, rules, the form, actions and knowledge together."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from desk.bot_client import Turn, message_for_rasa, read_rasa_messages
from knowledge.replies import Reply

SCRIPTS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "scripts.yml").read_text(encoding="utf-8"))


def ask(rasa: str, turn: Turn) -> tuple[list[Reply], dict[str, Any]]:
    body = {"sender": turn.conversation_id, "message": message_for_rasa(turn), "metadata": {"language": turn.language, "memory": turn.memory}}
    answered = read_rasa_messages(httpx.post(rasa, json=body, timeout=60).raise_for_status().json(), turn)
    return answered.replies, answered.memory


@pytest.mark.parametrize("script", SCRIPTS, ids=[s["name"].replace(" ", "_") for s in SCRIPTS])
def test_conversation(rasa: str, script: dict[str, Any]) -> None:
    conversation, memory = uuid.uuid4().hex, {}
    for wanted in script["turns"]:
        pressed = wanted["says"].removeprefix("#") if wanted["says"].startswith("#") else None
        turn = Turn(conversation, wanted["says"], script.get("language", "en"), pressed, memory)
        replies, memory = ask(rasa, turn)
        first = replies[0].answer
        assert first is not None and first.status == wanted["status"], (wanted["says"], [r.text[:80] for r in replies])
        for name, value in (("topic", first.topic), ("entry", first.entry_id), ("language", replies[0].language)):
            assert wanted.get(name, value) == value, wanted["says"]
        if "then" in wanted:
            assert replies[-1].answer is not None and replies[-1].answer.status == wanted["then"], wanted["says"]
