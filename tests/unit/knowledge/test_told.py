"""knowledge.told: what students tell of themselves, corrected by what they say later."""

from __future__ import annotations

import pytest

from knowledge.told import read
from language.gazetteer import Mention


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("im a junior at Davis", "11"),
        ("I'm in 9th grade", "9"),
        ("my son is a sophomore", "10"),
        ("estoy en el grado 12", "12"),
        ("soy de noveno", "9"),
        ("i'm a junior, no wait, a sophomore", "10"),
    ],
)
def test_a_grade_is_heard_and_the_last_one_counts(text: str, grade: str) -> None:
    assert read(text, [], {})["grade"] == grade


@pytest.mark.parametrize(
    ("text", "role"), [("my daughter wants to be a nurse", "parent"), ("soy mamá de dos", "parent"), ("I am a student", "student")]
)
def test_a_role_is_heard(text: str, role: str) -> None:
    assert read(text, [], {})["role"] == role


@pytest.mark.parametrize(
    "text",
    ["what is fafsa", "do juniors pay for this", "9 credits", "what is a junior college", "when is the senior project due", "", "¿qué es una beca?"],
)
def test_nothing_told_is_nothing_remembered(text: str) -> None:
    assert read(text, [], {}) == {}


def test_a_county_comes_from_the_names_found_and_the_last_counts() -> None:
    mentions = [Mention("county", "Yakima", 0, 6, True), Mention("college", "Clark College", 8, 20, True), Mention("county", "Clark", 22, 27, True)]
    assert read("…", mentions, {"county": "King"}) == {"county": "Clark"}


def test_what_was_told_before_stays_and_is_not_changed_in_place() -> None:
    before = {"grade": "9", "role": "parent"}
    assert read("I'm in 10th grade now", [], before) == {"grade": "10", "role": "parent"}
    assert before == {"grade": "9", "role": "parent"}
