"""A question about a path, aid or dual credit."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome


class ActionAnswerQuestion(Skill):
    def name(self) -> str:
        return "action_answer_question"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        return assistant.ask(said.text, said.language, said.memory, said.hint)
