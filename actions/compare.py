"""Two jobs side by side."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome
from knowledge.pathway_replies import compare_reply
from knowledge.pathways_interests import occupations_in
from knowledge.pathways_schema import Occupation


class ActionCompare(Skill):
    """Fewer than two jobs named: an ordinary question (“college or apprenticeship?”)."""

    def name(self) -> str:
        return "action_compare"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        snapshot, _ = assistant.runtime.current()
        known = snapshot.all(Occupation)
        named = [value for value in said.entities.get("occupation", ()) if value in known]
        jobs = list(dict.fromkeys([*occupations_in(snapshot, said.text), *named]))
        if len(jobs) < 2:
            return assistant.ask(said.text, said.language, said.memory, said.hint)
        reply = compare_reply(snapshot, jobs[0], jobs[1], said.language, assistant.today())
        memory = said.memory.model_copy(update={"topic": "career_wages", "entry": None, "offered": [], "misses": 0})
        return Outcome([reply], memory)
