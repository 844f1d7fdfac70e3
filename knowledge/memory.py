"""What a conversation remembers between turns. Small, typed, and kept by the desk; no message text in it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Memory(BaseModel):
    """`entry`: the last answer given. `offered`: targets of the last clarify; `declined`: targets the student said no to.

    `misses` counts turns in a row that did not help. `waiting`: entries still to be told when a message asked much.
    `facts`: what the student told of themselves (county, grade, role, interest). `steps`: the step a student is at, by checklist.
    `ticked`: the ids of the steps that are done, by checklist.
    """

    model_config = ConfigDict(extra="ignore")

    topic: str | None = None
    entry: str | None = None
    offered: list[str] = Field(default_factory=list)
    declined: list[str] = Field(default_factory=list)
    misses: int = 0
    waiting: list[str] = Field(default_factory=list)
    facts: dict[str, str] = Field(default_factory=dict)
    checklist: str | None = None
    steps: dict[str, int] = Field(default_factory=dict)
    ticked: dict[str, list[str]] = Field(default_factory=dict)

    @classmethod
    def read(cls, data: dict[str, Any] | None) -> Memory:
        return cls.model_validate(data or {})

    def dump(self) -> dict[str, Any]:
        return self.model_dump()
