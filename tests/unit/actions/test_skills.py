"""Each skill asks the assistant the right thing. The assistant is a fake that remembers what it was asked."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer_question import ActionAnswerQuestion
from actions.change_language import ActionChangeLanguage
from actions.checklist import ActionChecklist
from actions.choose import ActionChoose
from actions.complain import ActionComplain
from actions.repair import ActionRepair
from actions.skill import Skill
from actions.small_talk import WORDING, ActionSmallTalk, ActionStartOver
from knowledge.assistant import Assistant, Outcome
from knowledge.memory import Memory
from knowledge.replies import Reply


class ListeningAssistant:
    """Answers anything with one reply and keeps (method, arguments)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        self.learned: list[str] = []

    def learn(self, vectors: dict[str, Any]) -> None:
        assert not self.asked, "what is known is told before anything is asked"
        self.learned += vectors

    def __getattr__(self, name: str) -> Any:
        if not hasattr(Assistant, name):
            raise AttributeError(f"the real Assistant has no {name!r}")

        def answer(*arguments: Any) -> Outcome:
            self.asked.append((name, arguments))
            return Outcome([Reply(text="ok", language="en")], Memory(topic="remembered"))

        return answer


def run(
    skill: type[Skill], text: str = "", intent: str = "ask", memory: Memory | None = None, choice: str | None = None
) -> tuple[str, tuple[Any, ...]]:
    assistant, dispatcher = ListeningAssistant(), CollectingDispatcher()
    entities = [{"entity": "choice", "value": choice}] if choice else []
    message = {
        "text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": entities,
        "metadata": {"language": "en", "memory": (memory or Memory()).dump(), "vectors": {text: ""}},
    }  # fmt: skip
    made = skill(lambda: assistant)  # type: ignore[arg-type,return-value]
    events = made.run(dispatcher, Tracker("c1", {}, message, [], False, None, {}, "action_listen"), {})
    assert events == []
    assert dispatcher.messages[0]["custom"]["memory"]["topic"] == "remembered"
    assert len(assistant.asked) == 1 and assistant.learned == [text]
    return assistant.asked[0]


def test_a_question_is_asked_with_everything_that_is_known() -> None:
    method, (text, language, memory, hint) = run(ActionAnswerQuestion, "what is fafsa", memory=Memory(topic="fafsa"))
    assert (method, text, language, memory.topic, hint.intent) == ("ask", "what is fafsa", "en", "fafsa", "ask")


def test_a_button_is_chosen_and_a_missing_one_means_none_of_these() -> None:
    assert run(ActionChoose, choice="entry:fafsa.cost")[1][0] == "entry:fafsa.cost"
    assert run(ActionChoose)[1][0] == "none"


@pytest.mark.parametrize(("text", "language"), [("in english please", "en"), ("en inglés", "en"), ("in Spanish", "es"), ("español por favor", "es")])
def test_the_language_named_is_the_language_switched_to(text: str, language: str) -> None:
    assert run(ActionChangeLanguage, text)[:1] == ("change_language",)
    assert run(ActionChangeLanguage, text)[1][0] == language


def test_that_is_not_it_goes_on_with_the_words_said() -> None:
    assert run(ActionRepair, "no, not that", memory=Memory(entry="fafsa.cost"))[0] == "not_that"


@pytest.mark.parametrize("intent", [*WORDING, "something_new"])
def test_small_talk_has_a_wording_for_each_act(intent: str) -> None:
    method, arguments = run(ActionSmallTalk, "x", intent)
    assert (method, arguments[0]) == ("chat", WORDING.get(intent, "small_talk_chat"))


@pytest.mark.parametrize(
    ("skill", "method"),
    [(ActionComplain, "complained"), (ActionStartOver, "start_over"), (ActionChecklist, "step_by_step")],
)
def test_the_rest_do_what_their_name_says(skill: type[Skill], method: str) -> None:
    assert run(skill, "x")[0] == method
