"""knowledge.wishes: three readings weighed together, with what is shipped and the tiny knowledge base."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.index import Index
from knowledge.matcher import Calibration, Matcher
from knowledge.snapshot import Snapshot
from knowledge.wishes import LABELS, PATH, Hint, Wishes
from language import encoder
from language.encoder import HashingEncoder
from language.text_reader import TextReader, join

ENCODER = HashingEncoder()


@pytest.fixture(scope="module")
def matcher(tiny_snapshot: Snapshot, steady_limits: Calibration) -> Matcher:
    return Matcher(Index.build(tiny_snapshot, ENCODER.encode), ENCODER, steady_limits)


class Says(TextReader):
    def __init__(self, person: float) -> None:
        super().__init__(LABELS, np.zeros(0), np.zeros(0))
        object.__setattr__(self, "person", person)

    def read(self, text: str, vector: np.ndarray) -> np.ndarray:
        return np.array([1 - self.person, self.person])


@pytest.mark.parametrize(
    ("heard", "rasa", "wanted"),
    [(0.95, 0.0, True), (0.5, 0.3, True), (0.0, 1.0, False), (0.3, 0.3, False)],
    ids=["the reading alone", "both a little", "Rasa alone", "neither enough"],
)
def test_the_fitted_reading_counts_twice(matcher: Matcher, heard: float, rasa: float, wanted: bool) -> None:
    assert Wishes(Says(heard)).person_wanted(matcher, "how much is the sunrise grant", Hint("ask", 0.9, rasa)) == wanted


def test_what_goes_on_about_a_topic_needs_rasa_too(matcher: Matcher) -> None:
    sure = Wishes(Says(0.99))
    assert not sure.person_wanted(matcher, "who can do it", Hint("ask", 0.9, 0.1), leans=True)
    assert sure.person_wanted(matcher, "who can do it", Hint("request_human", 0.9, 0.9), leans=True)
    assert sure.person_wanted(matcher, "who can do it", None, leans=True), "Rasa is away"


def test_the_shipped_reading_hears_wishes_and_leaves_questions_about_people() -> None:
    both = encoder.load("both")
    shipped = TextReader.shipped(PATH, both.name)
    assert shipped, "the weights were fitted with another encoder → python -m evaluation person --write"
    texts = [
        "our aid letter makes no sense, could somebody at your office go over it with me",
        "mi mamá no entiende el formulario, ¿alguien le puede llamar?",
        "what classes does a guidance counselor need in college",
        "¿quién firma el formulario de Running Start?",
    ]
    heard = shipped.chances(join(texts, both.encode(texts)))[:, LABELS.index("person")]
    assert (heard > 0.5).tolist() == [True, True, False, False]
    assert Wishes.shipped("hashing-2").reader is None
