"""actions.find_pathway and actions.compare: what is told is not asked, what is not understood is asked twice at most."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.compare import ActionCompare
from actions.find_pathway import SLOTS, ActionBeginPathway, ActionFindPathway, ValidatePathwayForm, earn_in, wish_of
from knowledge import content_files
from knowledge.assistant import Assistant, Outcome
from knowledge.memory import Memory
from knowledge.pathways_schema import Cluster
from knowledge.snapshot import Snapshot


class StandIn:
    """An assistant that knows the shipped content and is asked nothing."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.published, self.runtime, self.asked = snapshot, self, [""]

    def current(self) -> tuple[Snapshot, None]:
        return self.published, None

    def snapshot(self) -> Snapshot:
        return self.published

    def today(self) -> dt.date:
        return dt.date(2026, 11, 23)

    def learn(self, vectors: dict[str, Any]) -> None:
        """It reads nothing."""

    def ask(self, text: str, *_: Any) -> Outcome:
        self.asked.append(text)
        return Outcome([], Memory())

    def question_rather(self, text: str, *_: Any, told_enough: bool = False) -> Outcome | None:
        """Only what asks about eligibility is a question to this stand-in."""
        return self.ask(text) if "eligible" in text else None


@pytest.fixture(scope="module")
def stand_in() -> StandIn:
    return StandIn(Snapshot.from_content(content_files.read_or_raise()))


def turn(
    text: str,
    slots: dict[str, Any] | None = None,
    language: str = "en",
    memory: dict[str, Any] | None = None,
    entities: list[dict[str, Any]] | None = None,
) -> Tracker:
    message = {"text": text, "metadata": {"language": language, "memory": memory or {}}, "entities": entities or []}
    return Tracker("c1", slots or {}, message, [], False, None, {}, "action_listen")


def begin(stand_in: StandIn, tracker: Tracker) -> dict[str, Any]:
    events = ActionBeginPathway(lambda: cast(Assistant, stand_in)).run(CollectingDispatcher(), tracker, {})
    return {e["name"]: e["value"] for e in events}


def test_one_message_that_tells_everything_is_answered_at_once(stand_in: StandIn) -> None:
    slots = begin(stand_in, turn("programs in health care near Yakima that pay while I learn"))
    assert slots == {
        "language": "en", "asked_again": None, "county": "yakima", "interest": "health_sciences", "program_kind": None, "length": "any", "earn": "yes",
    }  # fmt: skip
    wish = wish_of(stand_in.published, slots)
    assert (wish.county, wish.clusters, wish.earn, wish.length) == ("yakima", (Cluster.HEALTH,), True, "any")


def test_what_is_not_told_is_left_to_the_form(stand_in: StandIn) -> None:
    slots = begin(stand_in, turn("ayúdame a encontrar un programa", language="es"))
    assert slots["language"] == "es"
    assert [slots[name] for name in ("county", "interest", "length", "earn")] == [None] * 4


def test_what_was_told_before_is_not_asked_again(stand_in: StandIn) -> None:
    slots = begin(stand_in, turn("find me a welding program", memory={"facts": {"county": "spokane"}}))
    assert (slots["county"], slots["interest"], slots["length"]) == ("spokane", "welder", "any")
    assert begin(stand_in, turn("find me an apprenticeship", slots={"county": "Pasco"}))["county"] == "franklin"


def test_a_kind_named_is_searched_for(stand_in: StandIn) -> None:
    slots = begin(stand_in, turn("find me an apprenticeship near tacoma"))
    assert (slots["county"], slots["program_kind"], slots["length"], slots["interest"]) == ("pierce", "apprenticeship", "any", "any")


@pytest.mark.parametrize(
    ("slot", "said", "value"),
    [
        ("county", "Tri-Cities", "benton"), ("county", "donde sea", "any"), ("county", "any", "any"), ("interest", "no sé", "any"), ("interest", "nursing", "registered-nurse"),
        ("interest", "health_sciences", "health_sciences"), ("interest", "construction transportation", "construction transportation"),
        ("length", "6 months", "short"), ("length", "menos de un año", "short"), ("length", "any", "any"), ("earn", "yes", "yes"), ("earn", "no", "no"), ("earn", "sí por favor", "yes"),
    ],
)  # fmt: skip
def test_answers_become_closed_words(stand_in: StandIn, slot: str, said: str, value: str) -> None:
    form = ValidatePathwayForm(lambda: cast(Assistant, stand_in))
    made = getattr(form, f"validate_{slot}")(said, CollectingDispatcher(), turn(said, {"requested_slot": slot}), {})
    assert made == {slot: value, "asked_again": None}


def test_a_bad_answer_is_asked_again_twice_and_then_left_open(stand_in: StandIn) -> None:
    form, slots = ValidatePathwayForm(lambda: cast(Assistant, stand_in)), {"requested_slot": "county", "asked_again": None}
    for times in ("1", "2"):
        dispatcher = CollectingDispatcher()
        made = form.validate_county("qqqq", dispatcher, turn("qqqq", slots), {})
        assert made == {"county": None, "asked_again": times}
        assert dispatcher.messages[0]["custom"]["waymark"]["answer"]["status"] == "form"
        slots = {**slots, **made}
    assert form.validate_county("qqqq", CollectingDispatcher(), turn("qqqq", slots), {}) == {"county": "any", "asked_again": None}


@pytest.mark.parametrize(("left", "interest"), [("what is the fafsa?", None), ("what do nurses do?", "registered-nurse")])
def test_a_question_kept_as_interest_is_read_or_asked_again(stand_in: StandIn, left: str, interest: str | None) -> None:
    form = ValidatePathwayForm(lambda: cast(Assistant, stand_in))
    made = form.validate_county("Pasco", CollectingDispatcher(), turn("Pasco", {"requested_slot": "county", "interest": left}), {})
    assert made == {"county": "franklin", "interest": interest, "asked_again": None}


async def test_the_form_validates_through_rasa(stand_in: StandIn) -> None:
    form = ValidatePathwayForm(lambda: cast(Assistant, stand_in))
    events = [{"event": "action", "name": "action_listen"}, {"event": "user", "text": "Pasco"}, {"event": "slot", "name": "county", "value": "Pasco"}]
    tracker = turn("Pasco", {"requested_slot": "county", "county": "Pasco"})
    tracker.events = events
    domain = {
        "slots": {"county": {"mappings": [{"type": "from_text"}]}},
        "forms": {"pathway_form": {"required_slots": ["interest", "county", "length", "earn"]}},
    }
    made = await form.run(CollectingDispatcher(), tracker, domain)
    assert {"event": "slot", "timestamp": None, "name": "county", "value": "franklin"} in made


def test_yes_no_and_whatever() -> None:
    assert [earn_in(t) for t in ("nope", "claro", "me da igual", "that pays while I learn", "purple")] == ["no", "yes", "any", "yes", None]


def test_the_search_answers_remembers_the_county_and_empties_the_slots(stand_in: StandIn) -> None:
    dispatcher = CollectingDispatcher()
    tracker = turn("no", {"county": "yakima", "interest": "health_sciences", "length": "any", "earn": "any"})
    events = ActionFindPathway(lambda: cast(Assistant, stand_in)).run(dispatcher, tracker, {})
    assert {(e["name"], e["value"]) for e in events} == {(name, None) for name in SLOTS}
    sent = dispatcher.messages[0]["custom"]
    assert sent["waymark"]["answer"]["status"] == "pathway"
    assert "Heritage University" in sent["waymark"]["text"]
    assert sent["memory"]["facts"] == {"county": "yakima"}


def test_two_jobs_are_compared_and_one_is_a_question(stand_in: StandIn) -> None:
    dispatcher, action = CollectingDispatcher(), ActionCompare(lambda: cast(Assistant, stand_in))
    action.run(dispatcher, turn("qué gana más, un soldador o un electricista", language="es"), {})
    assert dispatcher.messages[0]["custom"]["waymark"]["answer"]["table"]["columns"][1:] == ["Soldador", "Electricista"]
    action.run(CollectingDispatcher(), turn("college or apprenticeship?"), {})
    assert stand_in.asked[-1] == "college or apprenticeship?"


def test_a_question_that_sounded_like_a_search_is_answered_and_no_form_begins(stand_in: StandIn) -> None:
    action = ActionBeginPathway(lambda: stand_in)  # type: ignore[arg-type, return-value]
    tracker = Tracker(
        "s", {}, {"text": "am i eligible for programs near me", "intent": {"name": "find_pathway", "confidence": 0.5}}, [], False, None, {}, None
    )
    events = action.run(CollectingDispatcher(), tracker, {})
    assert stand_in.asked[-1] == "am i eligible for programs near me"
    assert events == [{"event": "followup", "timestamp": None, "name": "action_listen"}]
