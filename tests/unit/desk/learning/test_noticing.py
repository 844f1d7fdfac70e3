"""Which turns missed the student's question, and which question that was."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.conversations.model import Message, Sender
from desk.learning.noticing import Noticed, notice, question_of
from knowledge.memory import Memory
from knowledge.replies import Answer, AnswerStatus, HandOff, Reply

NOON = dt.datetime(2026, 11, 23, 20, 0, tzinfo=dt.UTC)


def says(status: AnswerStatus, hand_off: HandOff | None = None) -> Reply:
    return Reply(text="…", language="en", answer=Answer(status=status), handoff=hand_off)


def told(before: Memory, after: Memory, *replies: Reply) -> Noticed | None:
    return notice(before.dump(), after.dump(), replies)


EMPTY = Memory()
OFFERED = Memory(offered=["a.cost", "b.cost"])
ANSWERED = Memory(topic="a", entry="a.cost")


@pytest.mark.parametrize("status", [AnswerStatus.NOT_COVERED, AnswerStatus.OUT_OF_SCOPE])
def test_no_answer_and_a_refusal_are_misses_of_this_message(status: AnswerStatus) -> None:
    assert told(EMPTY, EMPTY, says(status)) == Noticed(status.value)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [AnswerStatus.ANSWERED, AnswerStatus.PATHWAY, AnswerStatus.SMALL_TALK, AnswerStatus.CRISIS, AnswerStatus.PRIVACY])
def test_what_was_dealt_with_is_no_miss(status: AnswerStatus) -> None:
    assert told(EMPTY, EMPTY, says(status)) is None


def test_one_of_two_questions_answered_is_no_miss() -> None:
    assert told(EMPTY, EMPTY, says(AnswerStatus.ANSWERED), says(AnswerStatus.NOT_COVERED)) is None


def test_asking_back_once_is_no_miss_and_twice_running_is() -> None:
    assert told(EMPTY, OFFERED, says(AnswerStatus.CLARIFY)) is None
    assert told(OFFERED, Memory(offered=["c.cost"]), says(AnswerStatus.CLARIFY)) == Noticed("clarify_loop")


def test_none_of_these_is_a_miss_of_the_question_before() -> None:
    after = Memory(declined=OFFERED.offered, offered=["c.cost"], misses=1)
    assert told(OFFERED, after, says(AnswerStatus.CLARIFY)) == Noticed("none_of_these", earlier=True)


def test_an_answer_turned_down_is_remembered_with_the_miss() -> None:
    after = ANSWERED.model_copy(update={"declined": ["a.cost"], "offered": ["a.when"], "misses": 1})
    assert told(ANSWERED, after, says(AnswerStatus.CLARIFY)) == Noticed("none_of_these", earlier=True, entry_id="a.cost")


def test_a_person_called_for_want_of_an_answer_is_graver_than_no_answer() -> None:
    called = says(AnswerStatus.HANDOFF, HandOff(reason="misses"))
    assert told(Memory(misses=1), EMPTY, called) == Noticed("handed_off")
    assert told(OFFERED, Memory(declined=OFFERED.offered), called) == Noticed("handed_off", earlier=True)
    assert told(EMPTY, EMPTY, says(AnswerStatus.HANDOFF, HandOff(reason="asked"))) is None


def message(seq: int, text: str, sender: Sender = "student", choice: str | None = None) -> Message:
    return Message("c", seq, None, sender, text, "en", NOON, choice)


def test_the_question_is_the_last_one_typed_before_not_a_button_and_not_a_repair() -> None:
    chat = [
        message(1, "hello", "bot"), message(2, "how much is it"), message(3, "which?", "bot"), message(4, "None of these", choice="none"),
        message(5, "these?", "bot"), message(6, "no, not that"), message(7, "hm", "bot"),
    ]  # fmt: skip
    found = question_of(chat, 7, frozenset({6}))
    assert found is not None and found.text == "how much is it"
    assert question_of(chat, 2) is None
