"""knowledge.splitting: several questions taken apart, one question left whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.splitting import MOST, questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What is Trail Start? Does it cost money?", ["What is Trail Start?", "Does it cost money?"]),
        ("what is trail start and how much does it cost", ["what is trail start", "how much does it cost"]),
        ("what is trail start, and also when is sunrise due", ["what is trail start", "when is sunrise due"]),
        ("¿Qué es Trail Start? ¿Cuánto cuesta la clase?", ["¿Qué es Trail Start?", "¿Cuánto cuesta la clase?"]),
        ("qué es trail start y cuánto cuesta la clase", ["qué es trail start", "cuánto cuesta la clase"]),
        ("How do I apply for the grant\nWhen is it due again", ["How do I apply for the grant", "When is it due again"]),
    ],
)
def test_two_questions_are_two(text: str, parts: list[str]) -> None:
    assert questions(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "what is the difference between Trail Start and Sunrise",
        "can my son and daughter both apply",
        "how do i apply and pay",
        "trail start",
        "",
        "help",
        "cómo aplico y pago",
        "do I need good grades and a form?",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert questions(text) == [text]


def test_a_story_is_read_for_the_question_inside_it() -> None:
    story = "My son is a junior in Yakima. He loves cars and school is hard. Can he take college classes now? Thank you!"
    assert questions(story) == ["Can he take college classes now?"]


def test_there_is_an_end_to_it() -> None:
    assert len(questions("What is this thing? " * 40)) == MOST


@given(st.text(max_size=200))
def test_something_always_comes_back_and_nothing_is_invented(text: str) -> None:
    found = questions(text)
    assert found
    assert all(part in text for part in found)
