"""What an advisor should know before the first word, read off the conversation. Facts only, nothing guessed. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desk.conversations.model import Conversation, Message
from knowledge.schema import Language
from knowledge.snapshot import Snapshot

_HELPED = frozenset({"answered", "pathway", "checklist"})
_FAILED = frozenset({"not_covered", "out_of_scope"})


@dataclass(frozen=True)
class Summary:
    """`told`: what the student said of themselves. `answered`: questions the program answered. `failed`: it could not.

    `reason`, `urgency`, `asked_at` and `owner` are those of the open hand-off; None without one.
    """

    language: Language
    told: list[tuple[str, str]]
    answered: list[str]
    failed: list[str]
    clarified: int
    last_asked: str
    reason: str | None = None
    urgency: str = "normal"
    asked_at: dt.datetime | None = None
    owner: str | None = None


def summarise(conversation: Conversation, messages: Sequence[Message], hand_off: dict[str, Any] | None, snapshot: Snapshot) -> Summary:
    """`hand_off` is the conversation's item in the advisors' queue, if it is there."""
    asked, answered, failed, clarified = "", [], [], 0
    for message in messages:
        if message.sender == "student":
            asked = message.text
            continue
        status = (message.answer or {}).get("status")
        if status in _HELPED:
            answered.append(_subject(message.answer or {}, snapshot) or asked)
        elif status in _FAILED and asked:
            failed.append(asked)
        clarified += status == "clarify"
    found = hand_off or {}
    return Summary(
        conversation.language, [(name, str(value)) for name, value in conversation.memory.get("facts", {}).items()], _once(answered), _once(failed), clarified,
        asked, found.get("reason"), found.get("urgency", "normal"), found.get("asked_at"), found.get("owner"),
    )  # fmt: skip


def _subject(answer: dict[str, Any], snapshot: Snapshot) -> str:
    """The question an answer belongs to, as the editors wrote it; its topic if it has none."""
    entry, topic = snapshot.entries.get(answer.get("entry_id") or ""), snapshot.topics.get(answer.get("topic") or "")
    return entry.question.en if entry else topic.name.en if topic else ""


def _once(items: list[str]) -> list[str]:
    return list(dict.fromkeys(item for item in items if item))
