"""actions.skill: what a turn says is read from Rasa's tracker, and replies and memory are sent back whole."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.skill import read, send
from knowledge.assistant import Hint, Outcome
from knowledge.memory import Memory
from knowledge.replies import Answer, AnswerStatus, Choice, HandOff, Reply


def tracker(text: str | None = "hi", slots: dict[str, Any] | None = None, **message: Any) -> Tracker:
    return Tracker("c1", slots or {}, {"text": text, **message}, [], False, None, {}, "action_listen")


def test_text_language_memory_and_hint_are_read() -> None:
    memory = Memory(topic="fafsa", misses=1)
    said = read(
        tracker("cuánto cuesta", intent={"name": "ask", "confidence": 0.8}, entities=[], metadata={"language": "es", "memory": memory.dump()})
    )
    assert (said.text, said.language, said.memory, said.hint) == ("cuánto cuesta", "es", memory, Hint("ask", 0.8))
    assert said.vectors == {}
    assert said.choice is None


def test_vectors_travel_by_their_texts_as_half_precision() -> None:
    vector = np.linspace(-1, 1, 896).astype("<f2")
    said = read(tracker("how much is it", metadata={"vectors": {"how much is it": base64.b64encode(vector.tobytes()).decode()}}))
    assert list(said.vectors) == ["how much is it"]
    assert np.array_equal(said.vectors["how much is it"], vector)


def test_entities_are_grouped_by_name_in_order_and_the_choice_is_one_of_them() -> None:
    entities = [{"entity": "county", "value": "Yakima"}, {"entity": "choice", "value": "entry:fafsa.cost"}, {"entity": "county", "value": "Clark"}]
    said = read(tracker(entities=entities))
    assert said.entities["county"] == ["Yakima", "Clark"]
    assert said.choice == "entry:fafsa.cost"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"metadata": None, "intent": None, "entities": None},
        {"metadata": {"memory": None, "language": "fr", "vectors": ""}, "intent": {"name": None, "confidence": None}},
    ],
)
def test_a_bare_message_is_read_with_safe_defaults(message: dict[str, Any]) -> None:
    said = read(tracker(None, **message))
    assert (said.text, said.language, said.memory, said.hint) == ("", "en", Memory(), Hint("nlu_fallback", 0.0))


def test_the_languages_slot_counts_when_the_message_does_not_tell() -> None:
    assert read(tracker(slots={"language": "es"})).language == "es"
    assert read(tracker(slots={"language": "es"}, metadata={"language": "es"})).language == "es"


def test_each_reply_travels_as_one_custom_message_with_the_memory() -> None:
    dispatcher = CollectingDispatcher()
    memory = Memory(topic="fafsa", offered=["fafsa.cost"])
    replies = [
        Reply(text="Uno", language="es", choices=[Choice(id="none", label="Nada")], answer=Answer(status=AnswerStatus.CLARIFY, score=0.5)),
        Reply(text="Dos", language="es", handoff=HandOff(reason="asked")),
    ]
    send(dispatcher, Outcome(replies, memory))
    customs = [m["custom"] for m in dispatcher.messages]
    assert [Reply.model_validate(c["waymark"]) for c in customs] == replies
    assert all(Memory.read(c["memory"]) == memory for c in customs)
    assert all(not m.get("text") for m in dispatcher.messages)
