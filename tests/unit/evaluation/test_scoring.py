from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation import scoring
from evaluation.questions import HANDOFF, OUT_OF_SCOPE, QuestionFileError, read
from tests.unit.evaluation.examples import line, question, reply


def test_the_right_topic_and_facet_are_fine() -> None:
    judged = scoring.judge(question(), line("q1", reply()))
    assert (judged.topic_right, judged.facet_right, judged.offered, judged.wrong, judged.fine) == (True, True, True, False, True)


def test_a_wrong_topic_answered_is_confidently_wrong() -> None:
    judged = scoring.judge(question(), line("q1", reply("answered", "loans.cost")))
    assert judged.wrong
    assert not judged.offered


def test_a_question_back_with_the_topic_among_its_choices_offers_it() -> None:
    judged = scoring.judge(question(), line("q1", reply("clarify", None, candidates=("loans.cost", "fafsa.cost"))))
    assert (judged.offered, judged.topic_right, judged.wrong) == (True, False, False)


def test_out_of_scope_is_fine_only_when_not_answered() -> None:
    asked = question(topic="oos", domain=OUT_OF_SCOPE)
    assert scoring.judge(asked, line("q1", reply("out_of_scope", None))).fine
    assert not scoring.judge(asked, line("q1", reply())).fine


def test_an_ask_for_a_person_is_right_when_handed_off() -> None:
    asked = question(topic="talk_to_human", facet="contact", domain=HANDOFF)
    assert scoring.judge(asked, line("q1", reply("handoff", "talk_to_human.contact"))).topic_right
    assert not scoring.judge(asked, line("q1", reply())).topic_right


def test_no_reply_at_all_is_a_miss_not_an_error() -> None:
    assert not scoring.judge(question(), line("q1")).offered


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = scoring.Share(8, 10).interval()
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


def test_scores_saved_are_the_scores_loaded(tmp_path: Path) -> None:
    rows = {"a mark": scoring.Share(3, 4)}
    scoring.save(rows, tmp_path / "deep" / "scores.json")
    assert scoring.load(tmp_path / "deep" / "scores.json") == rows
    assert json.loads((tmp_path / "deep" / "scores.json").read_text()) == {"a mark": {"hits": 3, "of": 4}}


def test_a_question_file_tells_its_missing_column(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("id,words\n1,hello\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match="the column question is missing"):
        read(path)


def test_a_question_file_gives_every_answer_that_counts_as_right(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("id,question,topic,facet,also_topics,also_facets\n1,hello,fafsa,cost,loans;wasfa,\n", encoding="utf-8")
    assert read(path)[0].topics == {"fafsa", "loans", "wasfa"}
    assert read(path)[0].facets == {"cost"}
