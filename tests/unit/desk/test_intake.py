from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.conversations.intake import take_in, take_in_comment
from desk.errors import Invalid, TooLarge
from language.normalise import clean


@settings(deadline=None)  # the first message reads the pattern lists
@given(st.text(max_size=300))
def test_whatever_is_typed_can_be_stored_or_is_refused_in_words(raw: str) -> None:
    try:
        text = take_in(raw, "en", 200).text
    except (Invalid, TooLarge):
        assert len(raw) > 200 or not clean(raw)
    else:
        assert text.encode("utf-8") and "\x00" not in text


@pytest.mark.parametrize("raw", ["\ud800", "a\udfffb", "\ud83d alone"])
def test_half_characters_which_no_database_takes_are_left_out(raw: str) -> None:
    try:
        assert take_in(raw, "en", 100).text.encode()
    except Invalid:
        assert raw == "\ud800"


def test_the_length_is_counted_as_typed_and_the_limit_is_told() -> None:
    assert take_in("a" * 100, "en", 100).text == "a" * 100
    with pytest.raises(TooLarge) as refused:
        take_in("a" * 1001, "en", 1000)
    assert "1,001" in refused.value.message and refused.value.facts == {"limit": 1000}


def test_secrets_are_masked_and_named() -> None:
    intake = take_in("my ssn is 536-22-8145 and my password is hunter22", "en", 500)
    assert intake.masked == ("ssn", "password")
    assert "536-22-8145" not in intake.text and "hunter22" not in intake.text


def test_danger_is_read_from_the_words_as_typed() -> None:
    intake = take_in("i want to kill myself", "en", 500)
    assert intake.danger is not None and (intake.danger.category, intake.danger.urgency) == ("self_harm", "now")


@pytest.mark.parametrize(
    ("raw", "before", "language"), [("¿cuánto cuesta?", "en", "es"), ("how much is it", "es", "en"), ("ok", "es", "es"), ("FAFSA", "en", "en")]
)
def test_the_language_follows_the_words_and_else_the_conversation(raw: str, before: str, language: str) -> None:
    assert take_in(raw, before, 100).language == language  # type: ignore[arg-type]


def test_a_comment_is_cleaned_and_masked_like_a_message() -> None:
    assert take_in_comment("my ssn is 536-22-8145\x00") == "my ssn is [social security number removed]"
    assert take_in_comment("") == ""
