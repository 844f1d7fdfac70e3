"""knowledge.readability: grades rise with harder prose, names of programs aside."""

from __future__ import annotations

import pytest

from knowledge.readability import grade, hardest_sentence, sentences, syllables
from knowledge.schema import Language

EASY = {"en": "You can go. It is free. Ask your school.", "es": "Es gratis. Ve a tu escuela. Pide la beca."}
HARD = {
    "en": "Institutional determinations regarding eligibility necessitate comprehensive documentation of extraordinary circumstances.",
    "es": "Las determinaciones institucionales correspondientes a la elegibilidad requieren documentación exhaustiva de circunstancias extraordinarias.",
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_plain_prose_reads_low_and_office_prose_high(language: Language) -> None:
    assert grade(EASY[language], language) < 4
    assert grade(HARD[language], language) > 10


def test_english_grade_is_the_published_formula() -> None:
    text = "The cat sat on the mat."  # 6 words, 1 sentence, 6 syllables
    assert grade(text, "en") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)


def test_names_given_count_as_one_syllable() -> None:
    text = "Apprenticeship is for you. Apprenticeship pays you."
    assert grade(text, "en", frozenset({"apprenticeship"})) < grade(text, "en")


def test_links_and_list_marks_do_not_count() -> None:
    assert sentences("- First item\n2. Second item\nhttps://a.example.org/very/long") == ["First item", "Second item"]


def test_a_text_without_words_has_grade_zero() -> None:
    assert grade("123 … https://a.example.org", "en") == 0


def test_the_hardest_sentence_is_named() -> None:
    assert hardest_sentence(f"It is free. {HARD['en']} Ask.", "en") == HARD["en"]
    assert hardest_sentence("", "en") == ""


@pytest.mark.parametrize(("word", "language", "count"), [("cat", "en", 1), ("money", "en", 2), ("beca", "es", 2), ("x", "en", 1)])
def test_syllables(word: str, language: Language, count: int) -> None:
    assert syllables(word, language) == count
