"""What became of a student's message, in the few words that are counted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from desk.conversations.model import Draft
from knowledge.replies import HandOff

BESIDE = frozenset({"privacy", "small_talk"})
"""Said beside an answer, not instead of one."""


class Outcome(TypedDict):
    outcome: str | None
    topic: str | None
    entry_id: str | None
    score: float | None


def outcome_of(drafts: Sequence[Draft], hand_off: HandOff | None) -> Outcome:
    """The first reply that says something of the question; a hand-off and a crisis before all others."""
    answers: list[dict[str, Any]] = [draft.answer for draft in drafts if draft.answer]
    telling = [a for a in answers if a.get("status") == "crisis"] or [a for a in answers if a.get("status") not in BESIDE] or answers
    first = telling[0] if telling else {}
    status = first.get("status")
    if hand_off and hand_off.reason != "crisis":
        status = "handoff"
    return Outcome(outcome=status, topic=first.get("topic"), entry_id=first.get("entry_id"), score=first.get("score"))
