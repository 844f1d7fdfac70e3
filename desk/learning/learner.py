"""Keeps misses as they happen: after a turn, after a student's no, after an advisor's mark. Runs beside the conversation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog

from desk.conversations.model import Conversation, Message
from desk.conversations.store import ConversationStore
from desk.learning.miss_store import MOST, MissStore
from desk.learning.model import NewMiss
from desk.learning.noticing import notice, question_of
from knowledge.assistant import Assistant
from knowledge.replies import Reply

log = structlog.get_logger("desk.learning")
BATCH = 64
ABANDONED_AFTER, NO_LONGER = dt.timedelta(minutes=30), dt.timedelta(days=2)
"""How long a choice offered may stand before it counts as abandoned, and for how long that is looked for."""


class Learner:
    def __init__(self, misses: MissStore, conversations: ConversationStore, assistant: Assistant) -> None:
        self.misses, self.conversations, self.assistant = misses, conversations, assistant

    def after_turn(self, conversation: Conversation, message: Message, replies: list[Reply], memory: dict[str, Any]) -> None:
        """`conversation` as it was before the turn, `memory` as it is after."""
        seen = notice(conversation.memory, memory, replies)
        if seen is None:
            self._came_back(conversation.id, message)
            return
        earlier = seen.earlier or message.choice_id is not None
        question = self._question(conversation.id, message.seq) if earlier else message
        if question is None or not any(c.isalpha() for c in question.text):
            return
        self._keep(question, seen.why, noticed=message.seq, entry_id=seen.entry_id)

    def after_silence(self) -> int:
        """Whoever was asked back, chose nothing and has been silent for a while was not helped; returns how many are new."""
        now = self.misses.clock()
        silent = self.misses.unanswered_choices(now - NO_LONGER, now - ABANDONED_AFTER)
        for conversation_id, seq in silent:
            question = self._question(conversation_id, seq + 1)
            if question is not None:
                self._keep(question, "abandoned", noticed=seq)
        return len(silent)

    def after_feedback(self, conversation_id: str, seq: int, helpful: bool) -> None:
        """A no is a miss of the question that was answered; a yes takes the no back."""
        question, entry_id = self._answered(conversation_id, seq)
        if question is None:
            return
        if helpful:
            self.misses.retract(conversation_id, question.seq, "not_helpful")
        else:
            self._keep(question, "not_helpful", noticed=question.seq, entry_id=entry_id)

    def after_mark(self, conversation_id: str, seq: int, verdict: str, should_be: str | None) -> None:
        """An advisor's word on an answer."""
        question, entry_id = self._answered(conversation_id, seq)
        if question is None:
            return
        if verdict == "right":
            self.misses.retract(conversation_id, question.seq, "marked")
        else:
            self._keep(question, "marked", noticed=question.seq, entry_id=entry_id, suggested=should_be)

    def catch_up(self, most: int = MOST) -> int:
        """Read misses nobody has read yet, many together and not in the student's turn, and those another encoder read; returns how many."""
        unread = self.misses.unread(self.assistant.runtime.encoder.name, most)
        for start in range(0, len(unread), BATCH):
            batch = unread[start : start + BATCH]
            vectors = self.assistant.runtime.encoder.encode([miss.text for miss in batch])
            read = [(miss.id, *self._nearest(miss.text), vector) for miss, vector in zip(batch, vectors)]
            self.misses.keep_readings(self.assistant.runtime.encoder.name, read)
        return len(unread)

    def _keep(self, question: Message, why: str, noticed: int, entry_id: str | None = None, suggested: str | None = None) -> None:
        danger = "danger" in (question.provenance or {})
        self.misses.keep(NewMiss(question.conversation_id, question.seq, noticed, why, question.text, question.language, entry_id, suggested, danger))

    def _nearest(self, text: str) -> tuple[str | None, str | None]:
        """The topic, and what the matcher thinks of first: an entry's id, or ``kind:id``."""
        _, matcher = self.assistant.runtime.current()
        first = next(iter(matcher.match(text).scored), None)
        return (first.target.topic, target_name(first.target.kind, first.target.id)) if first else (None, None)

    def _came_back(self, conversation_id: str, message: Message) -> None:
        """A choice made after a long pause leads to an answer after all."""
        question = self._question(conversation_id, message.seq) if message.choice_id is not None else None
        if question is not None:
            self.misses.retract(conversation_id, question.seq, "abandoned")

    def _question(self, conversation_id: str, seq: int) -> Message | None:
        messages = self.conversations.messages(conversation_id, limit=5000)
        return question_of(messages, seq, self.misses.repairs(conversation_id))

    def _answered(self, conversation_id: str, seq: int) -> tuple[Message | None, str | None]:
        """The question an answer belongs to, and the entry that was told. A corrected answer names its question itself."""
        found = self.conversations.messages(conversation_id, after=seq - 1, limit=1)
        answer = found[0] if found else None
        asked = (answer.provenance or {}).get("question") if answer else None
        question = self._question(conversation_id, asked + 1 if asked else seq)
        return question, (answer.answer or {}).get("entry_id") if answer else None


def target_name(kind: str, key: str) -> str:
    """As the regression set names what a question leads to: an entry's id, or ``kind:id``."""
    return key if kind == "entry" else f"{kind}:{key}"
