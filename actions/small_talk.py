"""Hello, thanks, goodbye, “are you a robot?”: short and warm; a question hidden in it is answered instead."""

from __future__ import annotations

from actions.skill import Said, Skill
from knowledge.assistant import Assistant, Outcome

WORDING = {
    "greet": "small_talk_greet",
    "thanks": "small_talk_thanks",
    "bye": "small_talk_bye",
    "bot_challenge": "small_talk_bot",
    "chitchat": "small_talk_chat",
    "affirm": "small_talk_ok",
    "deny": "small_talk_ok",
}


class ActionSmallTalk(Skill):
    def name(self) -> str:
        return "action_small_talk"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        wording = WORDING.get(said.hint.intent, "small_talk_chat")
        return assistant.chat(wording, said.text, said.language, said.memory, said.hint)


class ActionStartOver(Skill):
    def name(self) -> str:
        return "action_start_over"

    def answer(self, assistant: Assistant, said: Said) -> Outcome:
        return assistant.start_over(said.language)
