"""language.dictionary: what English and Spanish know, and what they do not."""

from __future__ import annotations

import numpy as np
import pytest

from language import dictionary
from language.dictionary import Dictionary


@pytest.mark.parametrize("word", ["hoja", "casado", "quieren", "gracias", "plumber", "medicaid", "shouldnt", "theyre", "quedo", "pasaporte"])
def test_real_words_are_known_as_students_type_them(word: str) -> None:
    assert word in dictionary.read()


@pytest.mark.parametrize("word", ["fasfa", "aprenticeship", "scholership", "colejio", "nesesito", "sertificado", ""])
def test_misspelt_words_are_not(word: str) -> None:
    assert word not in dictionary.read()


def test_accents_and_apostrophes_do_not_matter() -> None:
    made = Dictionary.of(["Quedé", "don't", "quedé"])
    assert len(made.digests) == 2 and made.digests.dtype == np.uint64
    assert "quede" in made and "dont" in made and "other" not in made


def test_no_words_know_nothing() -> None:
    assert "word" not in Dictionary.of([])
