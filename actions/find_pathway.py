"""Finding a program: what is told, what is asked in the form, what is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import wiring
from actions.skill import Said, hear, read, send
from knowledge.assistant import Assistant, Outcome
from knowledge.composing import own_reply
from knowledge.pathway_replies import found_reply
from knowledge.pathways_interests import Interest, interest_of, is_unsure
from knowledge.pathways_places import county_of, is_anywhere, says_anywhere
from knowledge.pathways_schema import Cluster, Occupation
from knowledge.pathways_wishes import KINDS, Wish, kind_in, length_in, wants_free, wants_pay
from knowledge.replies import AnswerStatus
from knowledge.snapshot import Snapshot
from language.normalise import words

ANY = "any"
TIMES_ASKED_AGAIN = 2
SLOTS = ("interest", "county", "length", "earn", "program_kind", "asked_again")
YES = frozenset({"yes", "yeah", "yep", "yea", "sure", "ok", "true", "y", "si", "claro"})
NO = frozenset({"no", "nope", "nah", "not", "false", "n"})


def told(snapshot: Snapshot, said: Said, county_before: str | None = None) -> dict[str, str | None]:
    """The form's slots as far as the message tells them. With field and place known the rest is not asked."""
    county = _place_told(snapshot, said, county_before)
    named = [*said.entities.get("occupation", ()), *said.entities.get("cluster", ())]
    interest = _as_slot(interest_of(snapshot, said.text, asked=False)) or next((value for value in named if interest_of(snapshot, value)), None)
    interest = interest or said.memory.facts.get("interest")
    kind = kind_in(said.text) or ("free" if wants_free(said.text) else None)
    length: str | None = length_in(said.text, asked=False)
    earn = "yes" if wants_pay(said.text) else None
    if (interest and county) or kind in KINDS:
        length, earn = length or ANY, earn or ANY
    if county and kind in KINDS:  # “pre-apprenticeships near Everett”: all of them
        interest = interest or ANY
    return {"county": county, "interest": interest, "program_kind": kind, "length": length, "earn": earn}


def _place_told(snapshot: Snapshot, said: Said, before: str | None) -> str | None:
    """A county's id or “any”: from the message, else from what was told before."""
    if county := county_of(snapshot, said.text, alone=False):
        return county
    if says_anywhere(said.text):
        return ANY
    others = (*said.entities.get("county", ()), said.memory.facts.get("county"), before)
    return next((county for place in others if place and (county := county_of(snapshot, place))), None)


def _as_slot(interest: Interest) -> str | None:
    """An interest as a slot keeps it: an occupation's id, or fields with spaces between."""
    return interest.occupation or " ".join(c.value for c in interest.clusters) or None


def _from_slot(snapshot: Snapshot, value: str) -> Interest:
    """The reverse; other words are read as an answer."""
    if value in snapshot.all(Occupation):
        return interest_of(snapshot, value)
    fields = value.split()
    if fields and set(fields) <= set(Cluster):
        return Interest(None, tuple(Cluster(f) for f in fields))
    return interest_of(snapshot, value)


def wish_of(snapshot: Snapshot, slots: dict[str, Any]) -> Wish:
    """What the filled slots ask for; “any” asks nothing."""
    value = {name: "" if slots.get(name) in (None, ANY) else str(slots[name]) for name in SLOTS}
    interest = _from_slot(snapshot, value["interest"]) if value["interest"] else Interest()
    return Wish(
        county=county_of(snapshot, value["county"]) if value["county"] else None,
        clusters=interest.clusters,
        occupation=interest.occupation,
        types=KINDS.get(value["program_kind"], frozenset()),
        length=(length_in(value["length"]) if value["length"] else None) or "any",
        earn=value["earn"] == "yes" or None,
        free=value["program_kind"] == "free",
    )


class ActionBeginPathway(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Fills the form's slots with what the message and the conversation already tell; answers a question instead."""

    def __init__(self, assistant: Callable[[], Assistant] = wiring.assistant) -> None:
        self._assistant = assistant

    def name(self) -> str:
        return "action_begin_pathway"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        assistant = self._assistant()
        said = hear(tracker, assistant)
        snapshot, _ = assistant.runtime.current()
        found = told(snapshot, said, tracker.get_slot("county"))
        outcome = assistant.question_rather(said.text, said.language, said.memory, said.hint, told_enough=bool(found["interest"] and found["county"]))
        if outcome is not None:
            send(dispatcher, outcome)
            return [FollowupAction("action_listen")]  # the form does not begin
        slots = {"language": said.language, "asked_again": None, **found}
        return [SlotSet(name, value) for name, value in slots.items()]


class ValidatePathwayForm(FormValidationAction):  # type: ignore[misc]  # rasa_sdk has no types
    """Turns answers into ids and closed words. What is not understood is asked again, at most twice, then left open."""

    def __init__(self, assistant: Callable[[], Assistant] = wiring.assistant) -> None:
        self._assistant = assistant

    def name(self) -> str:
        return "validate_pathway_form"

    def _snapshot(self) -> Snapshot:
        return self._assistant().runtime.current()[0]

    def _settle(self, slot: str, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker) -> dict[str, Any]:
        if value is not None:
            settled = {slot: value, "asked_again": None} if tracker.get_slot("requested_slot") == slot else {slot: value}
            return {**self._interest_left(slot, tracker), **settled}
        if tracker.get_slot("requested_slot") != slot:
            return {slot: None}
        times = int(tracker.get_slot("asked_again") or 0)
        if times >= TIMES_ASKED_AGAIN:
            return {slot: ANY, "asked_again": None}
        said, assistant = read(tracker), self._assistant()
        reply = own_reply(self._snapshot(), f"pathway_again_{slot}", said.language, AnswerStatus.FORM, assistant.today())
        send(dispatcher, Outcome([reply], said.memory))
        return {slot: None, "asked_again": str(times + 1)}

    def _interest_left(self, slot: str, tracker: Tracker) -> dict[str, Any]:
        """Rasa does not validate an answer that was also a question; such an interest is read now, or asked for again."""
        left = tracker.get_slot("interest")
        if slot == "interest" or left in (None, ANY):
            return {}
        read_now = _as_slot(_from_slot(self._snapshot(), str(left)))
        return {} if read_now == left else {"interest": read_now}

    def validate_county(self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, Any]:
        text = str(value)
        county = county_of(self._snapshot(), text)
        return self._settle("county", county or (ANY if is_anywhere(text) or is_unsure(text) else None), dispatcher, tracker)

    def validate_interest(self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, Any]:
        text = str(value)
        interest = None if text == ANY else _as_slot(_from_slot(self._snapshot(), text))
        return self._settle("interest", ANY if not interest and is_unsure(text) else interest, dispatcher, tracker)

    def validate_length(self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, Any]:
        return self._settle("length", length_in(str(value)), dispatcher, tracker)

    def validate_earn(self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> dict[str, Any]:
        return self._settle("earn", earn_in(str(value)), dispatcher, tracker)


def earn_in(text: str) -> str | None:
    """Yes, no or any, from a slot's value or a student's words."""
    first = (words(text) or [""])[0]
    if text == ANY or is_unsure(text) or length_in(text) == ANY:
        return ANY
    if first in NO:
        return "no"
    return "yes" if first in YES or wants_pay(text) else None


class ActionFindPathway(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Answers the filled form, remembers the county, and empties the slots for the next search."""

    def __init__(self, assistant: Callable[[], Assistant] = wiring.assistant) -> None:
        self._assistant = assistant

    def name(self) -> str:
        return "action_find_pathway"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        said, assistant = read(tracker), self._assistant()
        snapshot, _ = assistant.runtime.current()
        wish = wish_of(snapshot, tracker.current_slot_values())
        reply = found_reply(snapshot, wish, said.language, assistant.today())
        facts = {**said.memory.facts, "county": wish.county} if wish.county else said.memory.facts
        topic = reply.answer.topic if reply.answer else None
        memory = said.memory.model_copy(update={"facts": facts, "topic": topic, "entry": None, "offered": [], "misses": 0})
        send(dispatcher, Outcome([reply], memory))
        return [SlotSet(name, None) for name in SLOTS]
