"""What Rasa is told and what the action server offers fit each other, both ways."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from desk.bot_client import Turn, message_for_rasa, read_rasa_messages

ROOT = Path(__file__).parents[2]
RASAS_OWN = {"action_listen", "action_deactivate_loop", "action_restart", "action_default_fallback"}


@cache
def documents(folder: str) -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted((ROOT / folder).rglob("*.yml")))


def listed(folder: str, part: str) -> list[str]:
    return [item if isinstance(item, str) else next(iter(item)) for d in documents(folder) for item in d.get(part) or []]


def steps() -> Iterator[dict[str, Any]]:
    for document in (*documents("data/rules"), *documents("data/stories")):
        for rule in (*(document.get("rules") or []), *(document.get("stories") or [])):
            yield from rule["steps"]


@cache
def offered() -> frozenset[str]:
    executor = ActionExecutor()
    executor.register_package("actions")
    return frozenset(executor.actions)


def forms() -> set[str]:
    return {name for d in documents("bot/domain") for name in d.get("forms") or {}}


def responses() -> dict[str, list[dict[str, Any]]]:
    return {name: variants for d in documents("bot/domain") for name, variants in (d.get("responses") or {}).items()}


def buttons() -> list[dict[str, str]]:
    return [button for variants in responses().values() for variant in variants for button in variant.get("buttons") or []]


def test_every_action_of_the_domain_is_offered_and_every_offered_one_is_in_the_domain() -> None:
    assert set(listed("bot/domain", "actions")) == offered()


def test_every_action_a_rule_runs_exists() -> None:
    run = {step["action"] for step in steps() if "action" in step}
    known = offered() | forms() | set(responses()) | RASAS_OWN
    assert run <= known, run - known


def test_every_offered_action_is_run_by_a_rule_or_a_form() -> None:
    run = {step["action"] for step in steps() if "action" in step}
    assert offered() - {f"validate_{form}" for form in forms()} <= run


def test_every_intent_of_a_rule_is_in_the_domain() -> None:
    used = {step["intent"] for step in steps() if "intent" in step} - {"nlu_fallback"}
    assert used <= set(listed("bot/domain", "intents"))


def test_every_intent_but_the_button_has_examples_in_both_languages_and_the_reverse() -> None:
    intents = {i["intent"]: i["examples"].splitlines() for d in documents("data/nlu") for i in d["nlu"] if "intent" in i}
    assert set(intents) == set(listed("bot/domain", "intents")) - {"choose"}
    for name, lines in intents.items():
        assert len(lines) >= 15, name
        assert any(re.search(r"[ñ¿¡áéíóú]|\b(?:el|la|de|que|no|gracias|ayuda|si)\b", line) for line in lines), f"{name} has no Spanish"


def test_every_example_is_said_once() -> None:
    lines = [line.strip("- ").lower() for d in documents("data/nlu") for i in d["nlu"] for line in i.get("examples", "").splitlines()]
    assert sorted({line for line in lines if lines.count(line) > 1}) == []


def test_every_slot_a_form_asks_for_exists_and_has_its_question_in_both_languages() -> None:
    slots = {name for d in documents("bot/domain") for name in d.get("slots") or {}}
    for document in documents("bot/domain"):
        for form in (document.get("forms") or {}).values():
            for slot in form["required_slots"]:
                assert slot in slots
                conditions = [bool(variant.get("condition")) for variant in responses()[f"utter_ask_{slot}"]]
                assert sorted(conditions) == [False, True], f"{slot}: one question in Spanish, one otherwise"


def test_every_entity_of_a_button_or_mapping_is_in_the_domain() -> None:
    entities = set(listed("bot/domain", "entities"))
    mapped = {m["entity"] for d in documents("bot/domain") for s in (d.get("slots") or {}).values() for m in s["mappings"] if "entity" in m}
    pressed = {name for button in buttons() for name in json.loads(button["payload"].partition("{")[1] + button["payload"].partition("{")[2] or "{}")}
    assert mapped | pressed <= entities


def test_a_forms_buttons_become_choices_and_the_pressed_one_is_sent_as_it_was_offered() -> None:
    assert buttons(), "the form has buttons"
    for name, variants in responses().items():
        for variant in variants:
            sent = [{"recipient_id": "c1", "text": variant["text"], "buttons": variant.get("buttons")}]
            turn = read_rasa_messages(sent, Turn("c1", "x", "en"))
            (reply,) = turn.replies
            assert [(c.id, c.label) for c in reply.choices] == [(b["payload"], b["title"]) for b in variant.get("buttons") or []], name
            assert reply.answer is not None
            assert reply.answer.status == "form"


@pytest.mark.parametrize("choice", ["entry:fafsa.cost", "none", 'x"y', "checklist:a/1"])
def test_a_desk_choice_reaches_rasa_as_the_choose_intent_with_an_entity_of_the_domain(choice: str) -> None:
    message = message_for_rasa(Turn("c1", "label", "en", choice_id=choice))
    intent, brace, entities = message.partition("{")
    assert intent == "/choose"
    assert json.loads(brace + entities) == {"choice": choice}
    assert "choice" in listed("bot/domain", "entities")


@pytest.mark.parametrize("payload", sorted({b["payload"] for b in buttons()}))
def test_a_forms_choice_reaches_rasa_as_the_payload_it_was(payload: str) -> None:
    assert message_for_rasa(Turn("c1", "label", "en", choice_id=payload)) == payload


@pytest.mark.parametrize("text", ["/restart", " /choose{}", "//inform", "\n/ask", "/"])
def test_typed_text_never_reaches_rasa_as_an_intent(text: str) -> None:
    assert not message_for_rasa(Turn("c1", text, "en")).startswith("/")
