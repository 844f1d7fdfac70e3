"""A conversation and its messages as the desk speaks of them: plain values, no SQL, no HTTP."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from desk.conversations.states import State
from knowledge.schema import Language

Sender = Literal["student", "bot", "advisor", "system"]


@dataclass(frozen=True)
class Conversation:
    id: str
    state: State
    language: Language
    owner_id: int | None
    last_seq: int
    memory: dict[str, Any]
    created_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True)
class Message:
    conversation_id: str
    seq: int
    client_id: str | None
    sender: Sender
    text: str
    language: Language
    created_at: dt.datetime
    choice_id: str | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)
    answer: dict[str, Any] | None = None
    provenance: dict[str, Any] | None = None
    author: str | None = None

    def for_student(self) -> dict[str, Any]:
        """The message as the student API promises it."""
        return {
            "seq": self.seq,
            "client_id": self.client_id,
            "sender": self.sender,
            "text": self.text,
            "language": self.language,
            "created_at": self.created_at.isoformat(),
            "choices": self.choices,
            "answer": self.answer,
            "author": self.author,
        }


@dataclass(frozen=True)
class Draft:
    """A message about to be stored."""

    sender: Sender
    text: str
    language: Language
    client_id: str | None = None
    author_id: int | None = None
    choice_id: str | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)
    answer: dict[str, Any] | None = None
    provenance: dict[str, Any] | None = None
    pending: bool = False


@dataclass(frozen=True)
class Arrival:
    """A student's message in the store. `new`: it was not there before. `reopened`: writing moved a closed chat to this state.

    `taken`: its conversation, if this process has claimed it and no earlier message waits.
    """

    message: Message
    new: bool = False
    reopened: State | None = None
    taken: Conversation | None = None


@dataclass(frozen=True)
class Finished:
    """The end of a turn: the messages that were stored, and whether the conversation has another one to deal with."""

    said: list[Message]
    more: bool
