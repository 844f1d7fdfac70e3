"""Somebody has had enough of the run-around."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome


class ActionComplain(Skill):
    def name(self) -> str:
        return "action_complain"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        return assistant.complained(said.text, said.language, said.memory, said.hint)
