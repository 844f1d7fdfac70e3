"""Did a turn miss the student's question, and which question was it? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from desk.conversations.model import Message
from knowledge.memory import Memory
from knowledge.replies import AnswerStatus, Reply

Why = Literal["marked", "not_helpful", "handed_off", "none_of_these", "clarify_loop", "abandoned", "not_covered", "out_of_scope"]
GRAVITY: tuple[Why, ...] = ("marked", "not_helpful", "handed_off", "none_of_these", "clarify_loop", "abandoned", "not_covered", "out_of_scope")
"""Gravest first: a question missed in two ways is kept under the first of them."""

_ANSWERING = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PATHWAY, AnswerStatus.CHECKLIST, AnswerStatus.FORM})


@dataclass(frozen=True)
class Noticed:
    """`earlier`: the question is the one asked before this message (“none of these”). `entry_id`: the answer turned down."""

    why: Why
    earlier: bool = False
    entry_id: str | None = None


def notice(before: dict[str, Any], after: dict[str, Any], replies: Sequence[Reply]) -> Noticed | None:
    """`before` and `after`: the conversation's memory around the turn. None if the question was dealt with."""
    was, now = Memory.read(before), Memory.read(after)
    statuses = [reply.answer.status for reply in replies if reply.answer]
    turned_down = set(now.declined) - set(was.declined)
    entry_id = was.entry if was.entry in turned_down and not was.offered else None
    if any(reply.handoff and reply.handoff.reason == "misses" for reply in replies):
        return Noticed("handed_off", bool(turned_down), entry_id)
    if turned_down:
        return Noticed("none_of_these", True, entry_id)
    if _ANSWERING & set(statuses):
        return None
    if AnswerStatus.NOT_COVERED in statuses:
        return Noticed("not_covered")
    if AnswerStatus.OUT_OF_SCOPE in statuses:
        return Noticed("out_of_scope")
    if AnswerStatus.CLARIFY in statuses and was.offered:
        return Noticed("clarify_loop")
    return None


def question_of(messages: Sequence[Message], seq: int, repairs: frozenset[int] = frozenset()) -> Message | None:
    """The last message a student typed before `seq`, leaving out buttons and `repairs` (“no, not that”)."""
    asked = [m for m in messages if m.sender == "student" and m.seq < seq and m.choice_id is None and m.seq not in repairs]
    return asked[-1] if asked else None
