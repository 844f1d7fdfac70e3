"""What every skill shares: reading the turn from Rasa's tracker, sending replies and memory back.

Replies travel as one custom message each, ``{"waymark": Reply, "memory": …}``; knowledge/replies.py is the contract.
"""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import wiring
from knowledge.assistant import Assistant, Outcome
from knowledge.memory import Memory
from knowledge.schema import Language
from knowledge.stages import stage
from knowledge.wishes import Hint


@dataclass(frozen=True)
class Said:
    """One student message as Rasa understood it. `entities`: name → values in order. `vectors`: text → float16 of shape (896,)."""

    text: str
    language: Language
    memory: Memory
    hint: Hint
    vectors: dict[str, np.ndarray] = field(default_factory=dict)
    choice: str | None = None
    entities: dict[str, list[str]] = field(default_factory=dict)


def read(tracker: Tracker) -> Said:
    message = tracker.latest_message or {}
    metadata = message.get("metadata") or {}
    intent = message.get("intent") or {}
    entities: dict[str, list[str]] = {}
    for entity in message.get("entities") or []:
        entities.setdefault(str(entity.get("entity")), []).append(str(entity.get("value")))
    packed: dict[str, str] = metadata.get("vectors") or {}
    vectors = {text: np.frombuffer(base64.b64decode(vector), "<f2") for text, vector in packed.items()}
    language: Language = "es" if (metadata.get("language") or tracker.get_slot("language")) == "es" else "en"
    choice = next(iter(entities.get("choice", [])), None)
    person = next((float(i["confidence"]) for i in message.get("intent_ranking") or [] if i.get("name") == "request_human"), 0.0)
    hint = Hint(str(intent.get("name") or "nlu_fallback"), float(intent.get("confidence") or 0.0), person)
    return Said(str(message.get("text") or ""), language, Memory.read(metadata.get("memory")), hint, vectors, choice, entities)


def hear(tracker: Tracker, assistant: Assistant) -> Said:
    """Read a message whose question will be answered: the assistant learns the vectors that came with it."""
    said = read(tracker)
    assistant.learn(said.vectors)
    return said


def send(dispatcher: CollectingDispatcher, outcome: Outcome) -> None:
    memory = outcome.memory.dump()
    for reply in outcome.replies:
        dispatcher.utter_message(json_message={"waymark": reply.model_dump(mode="json"), "memory": memory})


class Skill(Action, ABC):  # type: ignore[misc]  # rasa_sdk has no types
    """A skill that turns one message into an outcome. `assistant` is replaced in tests."""

    def __init__(self, assistant: Callable[[], Assistant] = wiring.assistant) -> None:
        self._assistant = assistant

    @abstractmethod
    def answer(self, assistant: Assistant, said: Said) -> Outcome: ...

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        with stage("knowledge"):
            assistant = self._assistant()
            outcome = self.answer(assistant, hear(tracker, assistant))
        send(dispatcher, outcome)
        return []
