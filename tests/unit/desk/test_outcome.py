"""What a student's message is counted as."""

from __future__ import annotations

from typing import Any

from desk.conversations.model import Draft
from desk.conversations.outcome import outcome_of
from knowledge.replies import HandOff


def says(status: str, **more: Any) -> Draft:
    return Draft("bot", "…", "en", answer={"status": status, **more})


def test_an_answer_is_counted_with_its_topic_and_score() -> None:
    found = outcome_of([says("answered", topic="fafsa", entry_id="fafsa.cost", score=0.9)], None)
    assert found == {"outcome": "answered", "topic": "fafsa", "entry_id": "fafsa.cost", "score": 0.9}


def test_what_is_said_beside_an_answer_does_not_hide_it() -> None:
    assert outcome_of([says("privacy"), says("answered")], None)["outcome"] == "answered"
    assert outcome_of([says("privacy")], None)["outcome"] == "privacy"


def test_a_crisis_and_a_hand_off_come_before_an_answer() -> None:
    assert outcome_of([says("answered"), says("crisis")], HandOff(reason="crisis"))["outcome"] == "crisis"
    assert outcome_of([says("answered")], HandOff(reason="misses"))["outcome"] == "handoff"


def test_no_reply_is_no_outcome() -> None:
    assert outcome_of([], None)["outcome"] is None
