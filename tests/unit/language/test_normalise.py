"""language.normalise: one written form for comparing, and a clean form for keeping."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.normalise import clean, fold, sentences, words


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  hi   there  ", "hi there"),
        ("a\r\nb", "a\nb"),
        ("pay\u200bment\ufeff", "payment"),
        ("\u202eright to left\u202c", "right to left"),
        ("a\x00b\x1f", "ab"),
        ("cafe\u0301", "café"),
        ("1\u00a0000", "1 000"),
    ],
)
def test_clean_keeps_what_was_typed_without_tricks(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("pair", [("¿Cuánto?", "¿cuanto?"), ("FAFSA’s", "fafsa's"), ("“Año”", '"ano"'), ("ÑANDÚ", "nandu")])
def test_case_accents_and_quotes_meet_in_one_form(pair: tuple[str, str]) -> None:
    assert fold(pair[0]) == pair[1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I can't pay $500!", ["i", "cant", "pay", "$", "500"]),
        ("pleeeease helppp", ["pleease", "helpp"]),
        ("Q&A don’t", ["q&a", "dont"]),
        ("¿Qué es la Beca?", ["que", "es", "la", "beca"]),
        ("🙂 …", []),
    ],
)
def test_words_are_folded_and_plain(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("line one\nline two", ["line one", "line two"]),
        ("is it free?and when", ["is it free?", "and when"]),
        ("My GPA is 3.5 now", ["My GPA is 3.5 now"]),
        ("¿Uno? ¿Dos?", ["¿Uno?", "¿Dos?"]),
        ("...", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_folding_is_stable_and_words_hold_only_what_is_compared(text: str) -> None:
    assert all(w.isascii() and w == w.lower() for w in words(text))
    assert not any(unicodedata.combining(c) for c in fold(text))
