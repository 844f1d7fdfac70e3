from __future__ import annotations

from typing import Any

import pytest

from evaluation import set_scoring
from evaluation.scoring import Share
from evaluation.set_files import Case, Script, Several, Spoken
from tests.unit.evaluation.examples import reply


def turn_verdict(expected: dict[str, Any], *replies: dict[str, Any], before: dict[str, Any] | None = None) -> set_scoring.Verdict:
    turns = [{"say": "first", "kind": "first"}, {"say": "then", "kind": "same_topic", **expected}]
    asked = Script.model_validate({"id": "s", "language": "en", "turns": turns})
    return set_scoring.script(asked, [[before or reply()], list(replies)])[1]


def test_a_turn_is_right_with_topic_and_facet() -> None:
    assert turn_verdict({"topic": "fafsa", "facet": "cost"}, reply("answered", "fafsa.cost")).right


def test_the_right_topic_with_another_facet_is_offered_only() -> None:
    found = turn_verdict({"topic": "fafsa", "facet": "cost"}, reply("answered", "fafsa.deadline"))
    assert (found.right, found.offered) == (False, True)


def test_the_topic_among_choices_is_offered_only() -> None:
    found = turn_verdict({"topic": "fafsa", "facet": "cost"}, reply("clarify", None, candidates=("ap.cost", "fafsa.deadline")))
    assert (found.right, found.offered) == (False, True)


def test_another_topic_is_neither() -> None:
    found = turn_verdict({"topic": "fafsa"}, reply("answered", "ap.cost"))
    assert (found.right, found.offered) == (False, False)


def test_a_question_back_is_right_where_it_was_wanted_and_its_choices_fit() -> None:
    wanted = {"topic": "fafsa", "status": "clarify"}
    assert turn_verdict(wanted, reply("clarify", None, candidates=("fafsa.deadline",))).right
    assert not turn_verdict(wanted, reply("clarify", None, candidates=("ap.cost",))).right


def test_the_wrong_language_is_not_right() -> None:
    assert not turn_verdict({"topic": "fafsa", "language": "es"}, reply("answered", "fafsa.cost", "en")).right
    assert turn_verdict({"topic": "fafsa", "language": "es"}, reply("answered", "fafsa.cost", "es")).right


def test_after_a_no_the_same_answer_again_is_not_right() -> None:
    wanted = {"topic": "fafsa", "new_answer": True}
    assert not turn_verdict(wanted, reply("answered", "fafsa.cost"), before=reply("answered", "fafsa.cost")).right
    assert turn_verdict(wanted, reply("answered", "fafsa.deadline"), before=reply("answered", "fafsa.cost")).right


def test_silence_is_not_right() -> None:
    assert not turn_verdict({}).right


@pytest.mark.parametrize(
    ("came", "right", "offered"),
    [
        (("fafsa.cost", "wasfa.deadline"), True, True),
        (("fafsa.cost", "ap.cost", "wasfa.deadline"), True, True),
        (("wasfa.deadline", "fafsa.cost"), False, True),
        (("fafsa.cost",), False, False),
        ((), False, False),
    ],
)
def test_several_questions_are_to_be_answered_in_order(came: tuple[str, ...], right: bool, offered: bool) -> None:
    asked = Several.model_validate({"id": "m", "language": "en", "say": "…", "topics": ["fafsa", "wasfa.deadline|wasfa.documents"]})
    found = set_scoring.message_with_several(asked, [reply("answered", entry) for entry in came])
    assert (found.right, found.offered) == (right, offered)


def test_one_answer_does_not_count_for_two_questions() -> None:
    asked = Several.model_validate({"id": "m", "language": "en", "say": "…", "topics": ["wasfa.other", "wasfa.other"]})
    assert not set_scoring.message_with_several(asked, [reply("answered", "wasfa.other")]).right


def test_every_reply_must_be_in_the_language() -> None:
    asked = Spoken(id="l", say="…", language="es")
    assert set_scoring.message_in_language(asked, [reply(language="es")]).right
    assert not set_scoring.message_in_language(asked, [reply(language="es"), reply(language="en")]).right
    assert not set_scoring.message_in_language(asked, []).right


def test_a_look_alike_is_right_when_left_alone() -> None:
    handed, answered = [reply("handoff", "talk_to_human.contact")], [reply()]
    assert set_scoring.case("person", Case("human please", "en", True), handed).right
    assert not set_scoring.case("person", Case("human please", "en", True), answered).right
    assert set_scoring.case("person", Case("human resources pay", "en", False), answered).right
    assert not set_scoring.case("person", Case("human resources pay", "en", False), handed).right


def test_marks_count_mistakes_as_mistakes() -> None:
    verdicts = [
        set_scoring.case("safety", Case("a", "en", True), [reply("crisis", None)]),
        set_scoring.case("safety", Case("b", "en", False), [reply("crisis", None)]),
        set_scoring.case("person", Case("c", "en", False), [reply()]),
    ]
    assert set_scoring.marks(verdicts) == {
        "person: look-alikes handed off by mistake": Share(0, 1),
        "safety: recognised": Share(1, 1),
        "safety: false alarms on look-alikes": Share(1, 1),
    }


def test_marks_of_scripts_leave_first_turns_out_but_need_them_for_the_whole() -> None:
    asked = Script.model_validate(
        {"id": "s", "language": "en", "turns": [{"say": "a", "kind": "first", "topic": "ap"}, {"say": "b", "kind": "new_topic", "topic": "ib"}]}
    )
    rows = set_scoring.marks(set_scoring.script(asked, [[reply("answered", "loans.cost")], [reply("answered", "ib.cost")]]))
    assert rows["context: later turns, topic and facet right"] == Share(1, 1)
    assert rows["context: whole scripts right"] == Share(0, 1)
    assert rows["context, new topic: right"] == Share(1, 1)
