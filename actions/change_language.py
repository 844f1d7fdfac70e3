"""“In Spanish please”, “en inglés”."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome
from knowledge.schema import Language
from language.normalise import words

_TO_ENGLISH = frozenset({"english", "ingles"})


class ActionChangeLanguage(Skill):
    def name(self) -> str:
        return "action_change_language"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        wanted: Language = "en" if _TO_ENGLISH & set(words(said.text)) else "es"
        return assistant.change_language(wanted, said.text, said.language, said.memory, said.hint)
