"""language.letters: a misspelt word stays near, and the sketch keeps what is alike."""

from __future__ import annotations

import numpy as np

from language.letters import SKETCH, Features, features, sketch, unit


def sketched(*texts: str) -> np.ndarray:
    rows = [features(text) for text in texts]
    return sketch(rows, [unit(1 + np.log(row.counts)) for row in rows])


def weight_of(name: str, text: str) -> float:
    (bucket,) = features(name).buckets[-1:]
    found: Features = features(text)
    return float(found.counts[found.buckets == bucket].sum())


def test_a_misspelt_word_is_nearer_than_another() -> None:
    right, wrong, other = sketched("scholarship", "scholership", "apprenticeship")
    assert right @ wrong > right @ other > 0


def test_a_word_counts_more_than_its_pieces() -> None:
    assert weight_of("fafsa", "fafsa") == 3


def test_the_same_words_in_other_letters_are_the_same() -> None:
    one, two = sketched("¿Cuánto cuesta?", "cuanto CUESTA")
    assert np.allclose(one, two) and np.isclose(one @ one, 1, atol=0.2)


def test_nothing_said_is_nothing() -> None:
    assert sketched("").shape == (1, SKETCH) and not sketched("", "?!").any()
