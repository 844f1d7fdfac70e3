"""“Walk me through it”, “next step”: a checklist in chat."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome


class ActionChecklist(Skill):
    def name(self) -> str:
        return "action_checklist"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        return assistant.step_by_step(said.text, said.language, said.memory, said.hint)
