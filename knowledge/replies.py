"""What a turn says back: the shapes that travel from knowledge through actions and Rasa to the desk and the widget.

`Reply` crosses process borders as JSON under the key ``waymark`` of a custom Rasa message; both ends use this module, and
tests/contracts hold examples of it.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from knowledge.schema import Language


class AnswerStatus(StrEnum):
    """What kind of reply this is. Closed: the student API promises these and no others."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    NOT_COVERED = "not_covered"
    OUT_OF_SCOPE = "out_of_scope"
    SMALL_TALK = "small_talk"
    PATHWAY = "pathway"
    CHECKLIST = "checklist"
    HANDOFF = "handoff"
    CRISIS = "crisis"
    PRIVACY = "privacy"
    FORM = "form"


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Choice(Shape):
    """A button. `id` is what the widget sends back: ``entry:fafsa.cost``, ``none``, ``human``, ``language:es`` …"""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    label: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class ShownSource(Shape):
    title: str
    url: str
    checked_on: dt.date


class Candidate(Shape):
    entry_id: str
    topic: str
    facet: str
    score: float


DetailKind = Literal["length", "cost", "pay", "entry", "job", "why", "ready", "when"]


class Detail(Shape):
    """One fact about a card or step. `kind` stays the same in every language; `label` and `value` are to be read."""

    kind: DetailKind
    label: str
    value: str


class Card(Shape):
    """A program, to be shown as a small card.

    `subtitle` (who offers it and where), `details` and `checked_on` say piece by piece what `lines` say as plain lines:
    show the one or the other.
    """

    title: str
    lines: list[str] = Field(default_factory=list)
    link: dict[Literal["title", "url"], str] | None = None
    subtitle: str = ""
    details: list[Detail] = Field(default_factory=list)
    checked_on: dt.date | None = None


class Table(Shape):
    """The first column names the rows; `columns` has a name for each cell of a row."""

    columns: list[str]
    rows: list[list[str]]


class ShownStep(Shape):
    """One step of a checklist. `current`: the one the student is at. `choice` goes to this step when it is sent back, `tick` marks it as done or not."""

    id: str
    title: str
    text: str
    done: bool = False
    link: str | None = None
    current: bool = False
    details: list[Detail] = Field(default_factory=list)
    choice: Choice | None = None
    tick: Choice | None = None


class Answer(Shape):
    """What stands behind a bot message. `score` is the calibrated probability that the topic is right, 0 to 1.

    The message's text is complete without `cards`, `table` and `steps`. A client that shows those may say `brief` in
    place of the text, so that nothing is read twice.
    """

    status: AnswerStatus
    entry_id: str | None = None
    topic: str | None = None
    facet: str | None = None
    score: float | None = None
    sources: list[ShownSource] = Field(default_factory=list)
    checked_on: dt.date | None = None
    valid_until: dt.date | None = None
    knowledge_version: str = ""
    candidates: list[Candidate] = Field(default_factory=list)
    cards: list[Card] = Field(default_factory=list)
    table: Table | None = None
    steps: list[ShownStep] = Field(default_factory=list)
    brief: str | None = None


class HandOff(Shape):
    """A reply that carries this moves the conversation to an advisor."""

    reason: Literal["asked", "misses", "crisis", "frustration", "topic"]
    urgency: Literal["normal", "high", "crisis"] = "normal"


class Reply(Shape):
    """One message of the bot. `provenance`: what led to it, for advisors only, never sent to the student."""

    text: str
    language: Language
    choices: list[Choice] = Field(default_factory=list)
    answer: Answer | None = None
    handoff: HandOff | None = None
    switch_language: Language | None = None
    provenance: dict[str, Any] = Field(default_factory=dict)
