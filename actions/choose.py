"""A button: an offered question, “none of these”, a person, a language, a checklist step."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome


class ActionChoose(Skill):
    def name(self) -> str:
        return "action_choose"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        return assistant.choose(said.choice or "none", said.language, said.memory)
