"""Somebody asks for a person, or has had enough of the run-around."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome


class ActionHandOff(Skill):
    def name(self) -> str:
        return "action_hand_off"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        return assistant.wants_person(said.text, said.language, said.memory, said.hint)


class ActionComplain(Skill):
    def name(self) -> str:
        return "action_complain"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        return assistant.complained(said.text, said.language, said.memory, said.hint)
