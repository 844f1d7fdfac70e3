"""Misses, groups of them and decisions on them as the desk speaks of them: plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from knowledge.schema import Language

Action = Literal["phrasing", "entry", "out_of_scope", "dismiss"]
DecisionState = Literal["proposed", "live", "declined", "dismissed", "undone"]
Phrasings = dict[Language, list[str]]


@dataclass(frozen=True)
class Miss:
    """One question that was missed; columns as in desk/tables.py. `vector`: float32 of length 1, None until somebody makes it."""

    id: int
    conversation_id: str | None
    seq: int
    why: str
    text: str
    language: Language
    at: dt.datetime
    topic: str | None = None
    nearest: str | None = None
    entry_id: str | None = None
    suggested: str | None = None
    danger: bool = False
    decision_id: int | None = None
    vector: np.ndarray | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class NewMiss:
    """A miss about to be kept."""

    conversation_id: str
    seq: int
    noticed: int
    why: str
    text: str
    language: Language
    entry_id: str | None = None
    suggested: str | None = None
    danger: bool = False


@dataclass(frozen=True)
class Group:
    """Misses that mean the same, the most typical first. `harms`: why it matters, in words; `rank`: the larger, the sooner."""

    misses: tuple[Miss, ...]
    harms: tuple[str, ...]
    rank: float

    @property
    def id(self) -> int:
        """The oldest miss names the group: it stays when others join."""
        return min(miss.id for miss in self.misses)

    @property
    def title(self) -> Miss:
        return self.misses[0]

    @property
    def students(self) -> int:
        return len({miss.conversation_id or f"miss {miss.id}" for miss in self.misses})

    @property
    def reasons(self) -> dict[str, int]:
        return {why: sum(m.why == why for m in self.misses) for why in dict.fromkeys(m.why for m in self.misses)}

    @property
    def last_at(self) -> dt.datetime:
        return max(miss.at for miss in self.misses)


@dataclass(frozen=True)
class Decision:
    id: int
    action: Action
    state: DecisionState
    kind: str
    key: str
    phrasings: Phrasings
    note: str
    proposed_by: str
    proposed_at: dt.datetime
    decided_by: str | None
    decided_at: dt.datetime | None
    misses: int = 0
    told: int = 0


@dataclass(frozen=True)
class NewDecision:
    """`phrasings` may be empty only for a dismissal."""

    action: Action
    kind: str = ""
    key: str = ""
    phrasings: Phrasings = field(default_factory=dict)
    note: str = ""
