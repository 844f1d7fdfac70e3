"""“No, that's not it”: other candidates, then a person."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome


class ActionRepair(Skill):
    def name(self) -> str:
        return "action_repair"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        if said.memory.entry or said.memory.offered:
            return assistant.repair(said.language, said.memory)
        return assistant.ask(said.text, said.language, said.memory, said.vector, said.hint)
