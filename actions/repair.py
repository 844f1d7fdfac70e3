"""“No, that's not it”: other candidates, then a person."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome


class ActionRepair(Skill):
    def name(self) -> str:
        return "action_repair"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        return assistant.not_that(said.text, said.language, said.memory, said.hint)
