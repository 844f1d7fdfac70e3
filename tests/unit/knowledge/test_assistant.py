"""knowledge.assistant: the rules of answering, on a tiny knowledge base, with limits of our own."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from knowledge import composing
from knowledge.assistant import ASKED_FOR_SURE, Assistant, Outcome
from knowledge.index import Index
from knowledge.matcher import Calibration, Matcher
from knowledge.memory import Memory
from knowledge.replies import AnswerStatus, Reply
from knowledge.schema import Language
from knowledge.snapshot import Snapshot
from knowledge.wishes import LABELS, Hint, Wishes
from language.encoder import HashingEncoder, RecentVectors
from language.text_reader import TextReader

ENCODER = HashingEncoder()


class StillRuntime:
    """A runtime whose knowledge never moves."""

    def __init__(self, snapshot: Snapshot, limits: Calibration) -> None:
        self.published, self.version = snapshot, snapshot.version
        self.matcher = Matcher(Index.build(snapshot, ENCODER.encode), ENCODER, limits)

    def current(self) -> tuple[Snapshot, Matcher]:
        return self.published, self.matcher

    def snapshot(self) -> Snapshot:
        return self.published

    @property
    def encoder(self) -> RecentVectors:
        return RecentVectors(ENCODER)


@pytest.fixture(scope="module")
def runtime(tiny_snapshot: Snapshot, steady_limits: Calibration) -> StillRuntime:
    return StillRuntime(tiny_snapshot, steady_limits)


@pytest.fixture
def assistant(runtime: StillRuntime, today: dt.date) -> Assistant:
    return Assistant(runtime, lambda: today)  # type: ignore[arg-type]


def status(outcome: Outcome) -> list[str]:
    return [r.answer.status.value if r.answer else "none" for r in outcome.replies]


def entries(outcome: Outcome) -> list[str | None]:
    return [r.answer.entry_id if r.answer else None for r in outcome.replies]


def only(outcome: Outcome) -> Reply:
    assert len(outcome.replies) == 1
    return outcome.replies[0]


def ids(reply: Reply) -> list[str]:
    return [c.id for c in reply.choices]


# -- answered ------------------------------------------------------------------------------------------------------------


def test_a_clear_question_is_answered_with_sources_dates_and_what_to_ask_next(assistant: Assistant) -> None:
    outcome = assistant.ask("how much is the sunrise grant?", "en", Memory(misses=1, offered=["x"]))
    reply = only(outcome)
    assert reply.text == "It depends on your need. In 2026-27 it is up to $7,395 a year."
    assert reply.answer is not None
    assert (reply.answer.status, reply.answer.entry_id, reply.answer.topic, reply.answer.facet) == (
        "answered",
        "sunrise_grant.cost",
        "sunrise_grant",
        "cost",
    )
    assert reply.answer.score is not None
    assert reply.answer.score >= assistant.runtime.current()[1].calibration.answer
    assert [(s.title, s.url) for s in reply.answer.sources] == [("Sunrise Grant (Sunrise Council)", "https://sunrise.example.org/")], (
        "mirrors stay out"
    )
    assert reply.answer.checked_on == dt.date(2026, 10, 20), "the oldest check of all that is stated"
    assert reply.answer.valid_until == dt.date(2027, 6, 30)
    assert ids(reply) == ["entry:sunrise_grant.deadline", "entry:sunrise_grant.what_is", "human"]
    assert reply.provenance["facts"] == ["sunrise_amount"]
    assert (outcome.memory.topic, outcome.memory.entry, outcome.memory.misses, outcome.memory.offered) == (
        "sunrise_grant",
        "sunrise_grant.cost",
        0,
        [],
    )


def test_a_spanish_question_is_answered_in_spanish(assistant: Assistant) -> None:
    reply = only(assistant.ask("¿cuándo se vence la beca amanecer?", "es", Memory()))
    assert reply.text == "Pide la beca lo antes posible. El último día es el 30 de junio de 2027. Llama al 555-0100 si te hace falta."
    assert reply.language == "es"


def test_a_figure_that_is_over_is_left_out_and_the_reply_says_so(runtime: StillRuntime) -> None:
    late = Assistant(runtime, lambda: dt.date(2027, 7, 1))  # type: ignore[arg-type]
    reply = only(late.ask("how much is the sunrise grant?", "en", Memory()))
    assert "7,395" not in reply.text
    assert "Ask your school for the amount this year." in reply.text
    assert runtime.published.wordings["figure_withheld"].text.en.split(".")[0] in reply.text
    assert reply.answer is not None
    assert reply.answer.valid_until is None
    assert reply.provenance["withheld"] == ["sunrise_amount"]


def test_same_question_and_same_knowledge_give_the_same_bytes(assistant: Assistant) -> None:
    first, second = (assistant.ask("is trail start free", "en", Memory()).replies[0].model_dump_json() for _ in range(2))
    assert first == second


def test_a_checklist_is_begun_when_that_is_what_was_asked(assistant: Assistant) -> None:
    outcome = assistant.ask("sunrise step by step", "en", Memory())
    assert status(outcome) == ["checklist"]
    assert outcome.memory.checklist == "sunrise_steps"


def test_a_question_outside_is_refused_in_words_of_its_own(assistant: Assistant) -> None:
    outcome = assistant.ask("write my essay for me", "en", Memory())
    reply = only(outcome)
    assert status(outcome) == ["out_of_scope"]
    assert reply.text == "I can't do school work for you. Your teacher can help."
    assert reply.answer is not None
    assert [s.url for s in reply.answer.sources] == ["https://trail.example.org/"]


@pytest.mark.parametrize("text", ["how much is the sunrise grant in Oregon", "what is trail start in oregon"])
def test_another_state_is_refused_however_sure_the_topic(assistant: Assistant, text: str) -> None:
    outcome = assistant.ask(text, "en", Memory())
    assert status(outcome) == ["out_of_scope"]
    assert outcome.replies[0].text == "I only know Washington."


def test_another_state_named_beside_ours_is_no_reason_to_refuse(assistant: Assistant) -> None:
    outcome = assistant.ask("I moved from Oregon to Washington. How much is the sunrise grant?", "en", Memory())
    assert entries(outcome) == ["sunrise_grant.cost"]


# -- not sure ------------------------------------------------------------------------------------------------------------


def test_an_unclear_question_offers_real_questions_and_none_of_these(assistant: Assistant) -> None:
    outcome = assistant.ask("how much does it cost", "en", Memory())
    reply = only(outcome)
    assert status(outcome) == ["clarify"]
    assert reply.answer is not None
    offered = [c.entry_id for c in reply.answer.candidates]
    assert 1 <= len(offered) <= 3
    assert {c.topic for c in reply.answer.candidates} >= {"trail_start", "sunrise_grant"}
    assert ids(reply) == [*(f"entry:{name}" for name in offered), "none"]
    assert outcome.memory.offered == offered


def test_the_same_choices_are_never_offered_twice_running(assistant: Assistant) -> None:
    first = assistant.ask("how much does it cost", "en", Memory())
    second = assistant.ask("how much does it cost", "en", first.memory)
    assert status(first) == ["clarify"]
    assert status(second) == ["not_covered"]
    assert ids(second.replies[0]) == ["human"]


def test_a_declined_entry_is_not_offered_again(assistant: Assistant) -> None:
    first = assistant.ask("how much does it cost", "en", Memory())
    declined = first.memory.offered[0]
    second = assistant.ask("how much does it cost", "en", Memory(declined=[declined]))
    assert declined not in second.memory.offered


def test_a_pressed_choice_is_answered(assistant: Assistant) -> None:
    first = assistant.ask("how much does it cost", "en", Memory())
    outcome = assistant.choose(ids(first.replies[0])[0], "en", first.memory)
    assert status(outcome) == ["answered"]
    assert entries(outcome) == [first.memory.offered[0]]


def test_none_of_these_moves_to_other_candidates_and_then_to_a_person(assistant: Assistant) -> None:
    memory = Memory(topic="sunrise_grant", offered=["sunrise_grant.cost"])
    second = assistant.choose("none", "en", memory)
    assert status(second) == ["clarify"]
    assert set(second.memory.offered) == {"sunrise_grant.what_is", "sunrise_grant.deadline"}
    third = assistant.choose("none", "en", second.memory)
    assert status(third) == ["handoff"]
    assert third.replies[0].handoff is not None
    assert third.replies[0].handoff.reason == "misses"
    assert third.memory.misses == 0


def test_that_is_not_it_after_an_answer_does_not_give_that_answer_again(assistant: Assistant) -> None:
    first = assistant.ask("how much is the sunrise grant", "en", Memory())
    second = assistant.repair("en", first.memory)
    assert status(second) == ["clarify"]
    assert "entry:sunrise_grant.cost" not in ids(second.replies[0])


def test_what_is_not_covered_twice_becomes_a_hand_off(assistant: Assistant) -> None:
    first = assistant.ask("qwxz vvkk", "en", Memory())
    second = assistant.ask("qwxz vvkk jjqp", "en", first.memory)
    assert status(first) == ["not_covered"]
    assert first.memory.misses == 1
    assert status(second) == ["handoff"]
    assert second.replies[0].handoff is not None
    assert second.replies[0].handoff.reason == "misses"


@pytest.mark.parametrize("text", ["🙂🙂", "?!", "123 456", "\x00\x01", "…", "", "سلام"])
def test_a_message_without_words_we_read_is_met_kindly(assistant: Assistant, text: str) -> None:
    outcome = assistant.ask(text, "en", Memory())
    assert status(outcome) == ["not_covered"]
    assert outcome.replies[0].text.startswith("I could not read words")
    assert outcome.memory.misses == 1


def test_rasa_sure_of_out_of_scope_holds_back_a_lukewarm_answer(assistant: Assistant) -> None:
    text = "what does it cost in high school"
    matcher = assistant.runtime.current()[1]
    limits = matcher.calibration
    assert limits.answer <= matcher.match(text).certainty < limits.answer_alone, (
        "the question must lie between the limits for this test to say anything"
    )
    assert status(assistant.ask(text, "en", Memory())) == ["answered"]
    assert status(assistant.ask(text, "en", Memory(), hint=Hint("out_of_scope", 0.9))) == ["clarify"]
    assert status(assistant.ask(text, "en", Memory(), hint=Hint("out_of_scope", 0.5))) == ["answered"]


# -- the conversation so far ---------------------------------------------------------------------------------------------


def test_a_follow_up_leans_on_the_topic_being_talked_about(assistant: Assistant) -> None:
    alone = assistant.ask("how much is it?", "en", Memory())
    assert entries(alone) == ["sunrise_grant.cost"]
    after = assistant.ask("how much is it?", "en", Memory(topic="trail_start", entry="trail_start.what_is"))
    assert entries(after) == ["trail_start.cost"]


def test_naming_another_topic_leaves_the_old_one(assistant: Assistant) -> None:
    outcome = assistant.ask("and when is sunrise due?", "en", Memory(topic="trail_start"))
    assert entries(outcome) == ["sunrise_grant.deadline"]
    assert outcome.memory.topic == "sunrise_grant"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is Trail Start? When is the Sunrise Grant due?", "en"),
        ("what is trail start and when is sunrise due", "en"),
        ("¿Qué es Trail Start? ¿Cuándo se vence la beca amanecer?", "es"),
    ],
)
def test_two_questions_get_two_answers_in_order(assistant: Assistant, text: str, language: Language) -> None:
    outcome = assistant.ask(text, language, Memory())
    assert entries(outcome) == ["trail_start.what_is", "sunrise_grant.deadline"]
    assert outcome.memory.entry == "sunrise_grant.deadline"


def test_one_question_said_twice_gets_one_answer(assistant: Assistant) -> None:
    assert entries(assistant.ask("What is Trail Start? What is trail start??", "en", Memory())) == ["trail_start.what_is"]


def test_a_second_question_without_a_name_is_about_the_first_ones_topic(assistant: Assistant) -> None:
    outcome = assistant.ask("What is Trail Start? What grades do I need?", "en", Memory())
    assert entries(outcome) == ["trail_start.what_is", "trail_start.requirements"]


# -- checklists ----------------------------------------------------------------------------------------------------------


def test_a_checklist_is_walked_through_by_words_alone(assistant: Assistant) -> None:
    first = assistant.step_by_step("walk me through sunrise", "en", Memory())
    assert "Step 1 of 3" in only(first).text
    second = assistant.step_by_step("done, what's next", "en", first.memory)
    assert "Step 2 of 3" in only(second).text
    elsewhere = assistant.ask("is trail start free", "en", second.memory)
    back = assistant.step_by_step("where was i in the steps", "en", elsewhere.memory)
    assert "Step 2 of 3" in only(back).text


def test_steps_of_something_without_a_checklist_are_a_question(assistant: Assistant) -> None:
    outcome = assistant.step_by_step("what is trail start step by step", "en", Memory(checklist="sunrise_steps"))
    assert entries(outcome) == ["trail_start.what_is"]


def test_a_checklist_that_is_gone_does_no_harm(assistant: Assistant) -> None:
    assert assistant.step_by_step("next step", "en", Memory(checklist="gone", steps={"gone": 1})).replies


# -- language, people, small talk ----------------------------------------------------------------------------------------


def test_switching_language_repeats_the_last_answer_in_it(assistant: Assistant) -> None:
    first = assistant.ask("is trail start free", "en", Memory())
    outcome = assistant.switch_language("es", first.memory)
    assert status(outcome) == ["small_talk", "answered"]
    assert outcome.replies[0].switch_language == "es"
    assert outcome.replies[1].text == "Las clases son gratis. Pagas los libros y el bus."
    assert assistant.choose("language:es", "en", first.memory).replies == outcome.replies


def test_switching_language_before_any_answer_only_confirms(assistant: Assistant) -> None:
    assert status(assistant.switch_language("en", Memory())) == ["small_talk"]


@pytest.mark.parametrize("text", ["can i talk to a real person", "quiero un asesor"])
def test_asking_for_a_person_hands_off_at_once(assistant: Assistant, text: str) -> None:
    outcome = assistant.ask(text, "en", Memory())
    reply = only(outcome)
    assert reply.handoff is not None
    assert (reply.handoff.reason, reply.handoff.urgency) == ("asked", "normal")
    assert reply.answer is not None
    assert (reply.answer.status, reply.answer.topic) == (AnswerStatus.HANDOFF, "talk_to_human")


def test_the_button_for_a_person_hands_off(assistant: Assistant) -> None:
    assert status(assistant.choose("human", "es", Memory())) == ["handoff"]


@pytest.mark.parametrize(("entry", "reason"), [("sunrise_grant.cost", "topic"), ("sunrise_grant.deadline", "asked"), (None, "asked")])
def test_a_person_asked_for_after_an_answer_that_needs_one_is_asked_for_its_topic(assistant: Assistant, entry: str | None, reason: str) -> None:
    (reply,) = assistant.choose("human", "en", Memory(entry=entry)).replies
    assert reply.handoff is not None and reply.handoff.reason == reason


class Hears(TextReader):
    """A reading that hears a wish for a person in whatever holds one of these words."""

    def __init__(self, *words: str) -> None:
        super().__init__(LABELS, np.zeros(0), np.zeros(0))
        object.__setattr__(self, "words", words)

    def read(self, text: str, vector: np.ndarray) -> np.ndarray:
        return np.array([0.05, 0.95] if any(word in text for word in self.words) else [0.99, 0.01])


def test_a_question_about_people_is_answered_though_rasa_hears_a_wish(assistant: Assistant) -> None:
    assistant.wishes = Wishes(Hears("talk to"))
    heard = Hint("request_human", 0.9, 0.9)
    assert entries(assistant.ask("who pays for trail start", "en", Memory(), heard)) == ["trail_start.cost"]
    assert status(assistant.ask("let me talk to somebody there", "en", Memory(), heard)) == ["handoff"]


def test_a_wish_in_a_message_about_something_else_brings_a_person(assistant: Assistant) -> None:
    assistant.wishes = Wishes(Hears("talk to"))
    assert status(assistant.ask("my letter about money is odd and i want to talk to someone", "en", Memory(), Hint("ask", 0.9))) == ["handoff"]
    assert status(assistant.chat("small_talk_greet", "hi, i want to talk to someone", "en", Memory(), Hint("greet", 0.9))) == ["handoff"]


def test_a_question_that_goes_on_about_the_topic_is_no_wish_unless_rasa_hears_one(assistant: Assistant) -> None:
    assistant.wishes = Wishes(Hears("who"))
    talked = Memory(topic="trail_start", entry="trail_start.what_is")
    assert status(assistant.ask("who can do it", "en", talked, Hint("ask", 0.9, 0.05))) != ["handoff"]
    assert status(assistant.ask("who can do it", "en", talked, Hint("request_human", 0.9, 0.9))) == ["handoff"]


def test_what_is_asked_beside_the_wish_is_answered_too(assistant: Assistant) -> None:
    assistant.wishes = Wishes(Hears("talk to"))
    replies = assistant.ask("How much is the sunrise grant? I want to talk to someone.", "en", Memory()).replies
    assert [r.answer.status.value for r in replies if r.answer] == ["answered", "handoff"]
    assert replies[0].answer and replies[0].answer.entry_id == "sunrise_grant.cost" and replies[1].handoff


def test_without_a_fitted_reading_rasa_and_the_matcher_decide(assistant: Assistant) -> None:
    assistant.wishes = Wishes(None)
    assert status(assistant.ask("somebody there", "en", Memory(), Hint("request_human", 0.6, 0.6))) == ["handoff"]
    assert status(assistant.ask("qwxz somebody vvkk", "en", Memory(), Hint("ask", 0.6, 0.1))) != ["handoff"]


def test_anger_brings_a_person_soon_unless_it_holds_a_clear_question(assistant: Assistant) -> None:
    angry = assistant.complained("this is useless qwxz", "en", Memory())
    assert angry.replies[0].handoff is not None
    assert (angry.replies[0].handoff.reason, angry.replies[0].handoff.urgency) == ("frustration", "high")
    assert entries(assistant.complained("how much is the sunrise grant", "en", Memory())) == ["sunrise_grant.cost"]


def test_small_talk_stays_small_unless_a_question_hides_in_it(assistant: Assistant) -> None:
    assert status(assistant.chat("small_talk_greet", "hi there qwxz", "en", Memory())) == ["small_talk"]
    assert entries(assistant.chat("small_talk_greet", "hi, what is trail start", "en", Memory())) == ["trail_start.what_is"]


def test_small_talk_leaves_the_memory_alone(assistant: Assistant) -> None:
    memory = Memory(topic="trail_start", entry="trail_start.cost")
    assert assistant.chat("small_talk_thanks", "thx!!", "en", memory).memory == memory


def test_starting_over_forgets(assistant: Assistant) -> None:
    assert assistant.start_over("en").memory == Memory()


@pytest.mark.parametrize("choice", ["entry:gone.cost", "checklist:gone", "checklist:sunrise_steps/x", "language:xx", "whatever", ""])
def test_an_old_or_odd_button_never_raises(assistant: Assistant, choice: str) -> None:
    assert assistant.choose(choice, "en", Memory()).replies


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_sentence_of_the_programs_own_is_there_in_both_languages(assistant: Assistant, language: Language) -> None:
    for name in assistant.runtime.current()[0].wordings:
        assert assistant.say(name, language)


def test_memory_survives_a_trip_as_data() -> None:
    memory = Memory(topic="a", entry="a.cost", offered=["b"], declined=["c"], misses=1, facts={"county": "Yakima"}, steps={"x": 2})
    assert Memory.read(memory.dump()) == memory
    assert Memory.read(None) == Memory()
    assert Memory.read({"from_an_older_version": 1}) == Memory()


def test_that_is_not_it_repairs_only_where_something_was_said(assistant: Assistant) -> None:
    said = Memory(topic="trail_start", entry="trail_start.cost")
    assert assistant.not_that("no, not that", "en", said).memory.misses == 1
    assert assistant.not_that("no, not that", "en", said).replies[0].answer.status in (AnswerStatus.CLARIFY, AnswerStatus.HANDOFF)
    fresh = assistant.not_that("no, not that", "en", Memory()).replies[0].answer
    assert fresh is not None and fresh.status is not AnswerStatus.HANDOFF


def test_no_i_meant_something_else_is_answered_with_that(assistant: Assistant) -> None:
    said = Memory(topic="sunrise_grant", entry="sunrise_grant.what_is")
    answer = assistant.not_that("no, i meant trail start", "en", said).replies[0].answer
    assert answer is not None and answer.topic == "trail_start"


def test_a_search_with_nothing_told_is_answered_as_the_question_it_is(assistant: Assistant) -> None:
    hint = Hint("find_pathway", 0.99)
    sure = assistant.question_rather("what is trail start", "en", Memory(), hint)
    assert sure and entries(sure) == ["trail_start.what_is"]
    assert assistant.question_rather("qwxz vvkk jjqp", "en", Memory(), hint) is None


def test_a_search_that_tells_what_and_where_yields_only_to_one_sure_entry(assistant: Assistant) -> None:
    hint = Hint("find_pathway", 0.99)
    (best, *_) = assistant.runtime.current()[1].match("trail start somewhere near yakima").scored
    assert best.probability < ASKED_FOR_SURE
    assert assistant.question_rather("trail start somewhere near yakima", "en", Memory(), hint, told_enough=True) is None
    sure = assistant.question_rather("what is trail start", "en", Memory(), hint, told_enough=True)
    assert sure and entries(sure) == ["trail_start.what_is"]


def test_a_question_that_names_a_language_is_still_a_question(assistant: Assistant) -> None:
    found = assistant.change_language("es", "how much is the sunrise grant in spanish", "en", Memory())
    assert found.replies[0].answer is not None and found.replies[0].answer.topic == "sunrise_grant"
    assert assistant.change_language("es", "in spanish please", "en", Memory()).replies[0].switch_language == "es"


def test_replies_name_the_slug_that_others_know(assistant: Assistant) -> None:
    snapshot, _ = assistant.runtime.current()
    topic = snapshot.topics["trail_start"].model_copy(update={"filed_under": "sunrise_grant"})
    after = snapshot.changed([topic], [], "after")
    assert (after.filed("trail_start"), after.filed("sunrise_grant"), after.filed("unheard_of")) == ("sunrise_grant", "sunrise_grant", "unheard_of")
    reply = composing.answered(after, after.entries["trail_start.cost"], "en", assistant.today(), None)
    assert reply.answer is not None and (reply.answer.topic, reply.answer.entry_id) == ("sunrise_grant", "trail_start.cost")
