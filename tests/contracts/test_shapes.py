"""The shapes that cross borders: widget, student API, Rasa's custom messages."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.skill import send
from desk.api.shapes import MessagesResponse, ShownMessage
from desk.app import create_app
from desk.bot_client import Turn, read_rasa_messages
from desk.conversations.model import Message, Sender
from desk.conversations.states import State
from desk.settings import Settings
from knowledge.assistant import Outcome
from knowledge.memory import Memory
from knowledge.replies import Answer, AnswerStatus, Candidate, Card, Choice, HandOff, Reply, ShownSource, ShownStep, Table

EXAMPLES = sorted((Path(__file__).parent / "widget_examples").glob("*.json"))
PROMISED = "answered clarify not_covered out_of_scope small_talk pathway checklist handoff crisis privacy form".split()

FULL = Reply(
    text="Línea «uno»\n- dos 🙂 <b>",
    language="es",
    choices=[Choice(id="entry:fafsa.cost", label="¿Cuánto?")],
    answer=Answer(
        status=AnswerStatus.PATHWAY,
        entry_id="fafsa.cost",
        topic="fafsa",
        facet="cost",
        score=0.75,
        sources=[ShownSource(title="T", url="https://a.example.org", checked_on=dt.date(2026, 11, 1))],
        checked_on=dt.date(2026, 11, 1),
        valid_until=dt.date(2027, 6, 30),
        knowledge_version="abc",
        candidates=[Candidate(entry_id="a.cost", topic="a", facet="cost", score=0.5)],
        cards=[Card(title="C", lines=["l"], link={"title": "t", "url": "https://a.example.org"})],
        table=Table(columns=["a", "b"], rows=[["1", "2"]]),
        steps=[ShownStep(id="s", title="S", text="x", done=True, link="https://a.example.org")],
    ),
    handoff=HandOff(reason="crisis", urgency="crisis"),
    switch_language="es",
    provenance={"entry": "fafsa.cost", "topics": [["fafsa", 0.75]]},
)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_every_widget_example_is_a_message_the_desk_could_send(path: Path) -> None:
    example = json.loads(path.read_text(encoding="utf-8"))
    shown = ShownMessage.model_validate(example)
    assert json.loads(shown.model_dump_json(exclude_unset=True)) == example


def test_the_examples_show_every_status_but_the_forms_and_every_sender() -> None:
    shown = [ShownMessage.model_validate_json(p.read_text(encoding="utf-8")) for p in EXAMPLES]
    assert {m.sender for m in shown} == set(get_args(Sender))
    assert {m.answer.status.value for m in shown if m.answer} >= set(PROMISED) - {"out_of_scope", "form"}


def test_the_statuses_are_the_promised_ones_and_no_others() -> None:
    assert [s.value for s in AnswerStatus] == PROMISED


def test_the_states_are_the_promised_ones_and_no_others() -> None:
    promised = {"with_bot", "waiting", "with_advisor", "closed"}
    assert {s.value for s in State} == promised
    assert set(get_args(MessagesResponse.model_fields["state"].annotation)) == promised


def through_rasa(outcome: Outcome) -> list[dict[str, Any]]:
    """As the action server sends it and Rasa's REST channel passes it on."""
    dispatcher = CollectingDispatcher()
    send(dispatcher, outcome)
    on_the_wire = json.loads(json.dumps(dispatcher.messages))
    return [{"recipient_id": "c1", "custom": m["custom"]} for m in on_the_wire]


def test_a_reply_survives_the_trip_through_rasa_unchanged() -> None:
    memory = Memory(topic="fafsa", misses=1, facts={"county": "Yakima"})
    plain = Reply(text="ok", language="en")
    turn = read_rasa_messages(through_rasa(Outcome([FULL, plain], memory)), Turn("c1", "x", "es"))
    assert turn.replies == [FULL, plain]
    assert Memory.read(turn.memory) == memory


def test_what_the_bot_remembered_before_stays_unless_it_is_told_anew() -> None:
    turn = Turn("c1", "x", "en", memory={"topic": "fafsa", "misses": 1})
    read = read_rasa_messages([{"text": "Which county?"}], turn)
    assert read.memory == turn.memory


@pytest.mark.parametrize("answer", [None, {}, "text", [], [{}], [{"text": ""}], [{"custom": {"waymark": {"text": 1}}}]])
def test_nonsense_from_rasa_is_an_error_and_never_an_empty_answer(answer: Any) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        read_rasa_messages(answer, Turn("c1", "x", "en"))


def test_a_stored_reply_is_a_message_the_student_api_promises() -> None:
    assert FULL.answer is not None
    message = Message(
        "c1", 2, None, "bot", FULL.text, "es", dt.datetime(2026, 11, 23, tzinfo=dt.UTC), choices=[c.model_dump() for c in FULL.choices],
        answer=FULL.answer.model_dump(mode="json"), provenance=FULL.provenance,
    )  # fmt: skip
    shown = ShownMessage.model_validate(message.for_student())
    assert shown.answer == FULL.answer
    assert "provenance" not in message.for_student(), "what led to a reply is for advisors only"


def test_the_desks_openapi_document_holds_the_promised_paths(tmp_path: Path) -> None:
    places = {"database_url": f"sqlite:///{tmp_path / 'x.db'}", "gazetteer_file": tmp_path / "names.json", "index_folder": tmp_path / "index"}
    settings = Settings(_env_file=None, encoder="hashing", **places)  # type: ignore[call-arg, arg-type]
    paths = create_app(settings).openapi()["paths"]
    one = "/api/conversations/{conversation_id}"
    promised = {
        "/api/conversations": {"post"},
        one: {"delete"},
        f"{one}/messages": {"get", "post"},
        f"{one}/events": {"get"},
        f"{one}/feedback": {"post"},
        f"{one}/handoff": {"post"},
        f"{one}/export": {"get"},
        "/health": {"get"},
    }
    for path, verbs in promised.items():
        assert verbs <= set(paths[path]), path
    for verb, code in (("/api/conversations", "201"), (f"{one}/messages", "202"), (f"{one}/handoff", "202"), (f"{one}/feedback", "204")):
        assert code in paths[verb]["post"]["responses"]
