"""language.spelling: unknown words become known ones; real words are never changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.spelling import Speller

COUNTS = {
    "apprenticeship": 30,
    "scholarship": 40,
    "running": 50,
    "start": 60,
    "fafsa": 80,
    "aprenticeship": 1,
    "sunrise": 9,
    "grant": 20,
    "solicitud": 12,
    "rare": 1,
}
SPELLER = Speller(COUNTS, ["stare", "grand", "form", "staff"])


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("aprentiship", "aprentiship"),  # three letters off: left alone rather than guessed
        ("aprenticeshp", "apprenticeship"),
        ("aprenticeship", "apprenticeship"),  # stands in a phrasing on purpose, and is still a misspelling
        ("scholarhsip", "scholarship"),
        ("fasfa", "fafsa"),
        ("sollicitud", "solicitud"),
    ],
)
def test_a_word_nobody_knows_becomes_the_nearest_known(typed: str, mended: str) -> None:
    assert SPELLER.mend_word(typed) == mended


@pytest.mark.parametrize("word", ["stare", "grand", "form", "staff", "fafsa", "cat", "xyzzy", "a1b2", "grant"])
def test_known_short_and_strange_words_stay(word: str) -> None:
    assert SPELLER.mend_word(word) == word


@pytest.mark.parametrize("word", ["running", "solicitudes", "starts", "scholarships"])
def test_another_form_of_a_known_word_stays(word: str) -> None:
    assert SPELLER.mend_word(word) == word


def test_the_first_letter_is_believed_but_for_a_silent_one() -> None:
    speller = Speller({"tengo": 50, "hablar": 50})
    assert (speller.mend_word("vengo"), speller.mend_word("ablar")) == ("vengo", "hablar")


def test_only_the_wrong_words_of_a_text_change() -> None:
    assert SPELLER.mend("Is the FASFA due?  Runing-Start, ok… $5") == "Is the fafsa due?  running-Start, ok… $5"


def test_what_belongs_to_a_known_word_stays() -> None:
    speller = Speller(COUNTS | {"wsu": 9, "wsos": 40}, ["dad"])
    assert speller.mend("What does WSU's grant pay, and my dad’s?") == "What does WSU's grant pay, and my dad’s?"
    assert speller.mend("my scholarhsip's end") == "my scholarship end"
    assert speller.mend("ж'ж") == "ж'ж"


def test_a_rare_word_is_no_correction() -> None:
    assert SPELLER.mend_word("rarre") == "rarre"


def test_nothing_known_mends_nothing() -> None:
    assert Speller({}).mend("fasfa plese") == "fasfa plese"


@given(st.text(max_size=80))
def test_mending_never_raises_and_leaves_what_is_no_word(text: str) -> None:
    mended = SPELLER.mend(text)
    assert [c for c in mended if not c.isalpha() and c not in "'’"] == [c for c in text if not c.isalpha() and c not in "'’"]
