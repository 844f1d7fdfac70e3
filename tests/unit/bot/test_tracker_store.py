from __future__ import annotations

from typing import Any


def test_the_last_turns_and_the_slots_are_kept(inside: dict[str, Any]) -> None:
    kept = inside["remembered"]
    assert kept["texts"] == ["question 2", "question 3", "question 4"]
    assert kept["intent"] == "ask" and kept["county"] == "Yakima"


def test_vectors_and_what_the_bot_said_are_not_kept(inside: dict[str, Any]) -> None:
    assert not inside["remembered"]["vector kept"] and not inside["remembered"]["bot kept"]


def test_a_conversation_nobody_touched_for_a_week_is_forgotten(inside: dict[str, Any]) -> None:
    assert inside["remembered"]["old is forgotten"]
