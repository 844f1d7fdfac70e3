"""What the desk itself says beside the bot's answer: help in danger, an address kept for the reply, a secret taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.conversations.model import Message
from knowledge.assistant import Assistant
from knowledge.replies import AnswerStatus, HandOff, Reply
from language.safety import Finding

TO_REACH_SOMEBODY = frozenset({"phone", "email", "address"})


def danger_named(message: Message) -> Finding | None:
    """What the patterns found when the message came in."""
    notes = message.provenance or {}
    return Finding(notes["danger"], notes["urgency"], "") if "danger" in notes else None


def answered_by_the_desk(notes: Mapping[str, Any] | None) -> bool:
    """Whether the desk itself has said what there is to say about a message with these notes, a person there or not."""
    return bool(notes and ("danger" in notes or "contact" in notes))


class Notices:
    def __init__(self, assistant: Assistant) -> None:
        self._own = assistant.own_reply

    def of(self, message: Message, danger: Finding | None) -> list[Reply]:
        """All of them, what matters most first."""
        notes, help_first = message.provenance or {}, self.danger(message, danger)
        notices = [*([help_first] if help_first else []), *self.contact(message)]
        if "masked" in notes and not (notes.get("contact") and notes["masked"] == ["email"]):
            wording = "privacy_contact_kept" if TO_REACH_SOMEBODY.issuperset(notes["masked"]) else "privacy_masked"
            notices.append(self._own(wording, message.language, AnswerStatus.PRIVACY))
        return notices

    def danger(self, message: Message, danger: Finding | None) -> Reply | None:
        if danger is None:
            return None
        asked = HandOff(reason="crisis", urgency="crisis" if danger.urgency == "now" else "high")
        wording = "safety_check" if danger.unsure and danger.category == "self_harm" else f"safety_{danger.category}"
        notice = self._own(wording, message.language, AnswerStatus.CRISIS, asked)
        return notice.model_copy(update={"provenance": {"danger": danger.category, "matched": danger.matched}}) if danger.unsure else notice

    def contact(self, message: Message) -> list[Reply]:
        """The address a waiting student wrote was taken out of the chat and is kept for the reply."""
        notes = message.provenance or {}
        if "contact" not in notes:
            return []
        noted = self._own("contact_doubted" if "contact_meant" in notes else "contact_noted", message.language, AnswerStatus.HANDOFF)
        text = noted.text.replace("<address>", notes["contact"]).replace("<meant>", notes.get("contact_meant", ""))
        return [noted.model_copy(update={"text": text})]
