"""language.safety_reader: hears what no pattern names, keeps quiet about everyday worries, and only with its own encoder."""

from __future__ import annotations

import numpy as np
import pytest

from language import encoder, safety
from language.letters import SKETCH
from language.safety_reader import LABELS, SafetyReader, half_way
from language.text_reader import VECTOR_WEIGHT, TextReader, join


@pytest.fixture(scope="module")
def reader() -> SafetyReader:
    shipped = SafetyReader.shipped(encoder.load("both").name)
    assert shipped, "the weights were fitted with another encoder → python -m evaluation safety --write"
    return shipped


def read(reader: SafetyReader, text: str) -> safety.Finding | None:
    return reader.read(text, {text: encoder.load("both").encode([text])[0]})


@pytest.mark.parametrize(
    "text",
    [
        "my family would have it so much easier if i were gone",
        "todos estarían más tranquilos si yo ya no existiera, perdón por todo",
        "he controls who i talk to and gets scary when i study late",
    ],
)
def test_it_hears_danger_without_key_words(reader: SafetyReader, text: str) -> None:
    found = read(reader, text)
    assert found and found.unsure and found.urgency == "soon"


@pytest.mark.parametrize(
    "text",
    [
        "what is running start and does it cost money?",
        "estoy estresada con la fafsa y la tarea, cuándo es la fecha límite",
        "I want to become a suicide prevention counselor, what degree do I need",
        "how do i become an electrician",
    ],
)
def test_it_is_quiet_about_everyday_questions(reader: SafetyReader, text: str) -> None:
    assert read(reader, text) is None


def test_chances_are_probabilities(reader: SafetyReader) -> None:
    texts = ["hello", "i am hungry"]
    chances = reader.network.chances(join(texts, encoder.load("both").encode(texts)))
    assert chances.shape == (2, len(LABELS))
    assert chances.sum(1) == pytest.approx(1, abs=1e-5)


def test_another_encoder_has_no_reader() -> None:
    assert SafetyReader.shipped("hashing-2") is None


def test_the_category_is_the_likeliest_danger() -> None:
    hidden, out = np.zeros((2 + SKETCH + 1, 1), np.float32), np.zeros((2, len(LABELS)), np.float32)
    hidden[0, 0], out[0, LABELS.index("threat")] = 1, 9
    found = SafetyReader(TextReader(LABELS, hidden, out)).read("anything", {"anything": np.array([1, 0], np.float32)})
    assert found and found.category == "threat"


def test_a_sentence_of_a_long_question_counts_half_by_its_odds() -> None:
    hidden, out = np.zeros((2 + SKETCH + 1, 1), np.float32), np.zeros((2, len(LABELS)), np.float32)
    hidden[0, 0], out[0, LABELS.index("threat")] = 1 / VECTOR_WEIGHT, 9
    out[-1, 0] = 6  # nothing heard: 1 in 70
    reader, quiet, loud = SafetyReader(TextReader(LABELS, hidden, out)), np.zeros(2, np.float32), np.array([1, 0], np.float32)
    assert reader.read("a question. a threat", {"a question. a threat": quiet, "a question": quiet}) is None
    found = reader.read("a question. a threat", {"a question. a threat": quiet, "a threat": loud})
    assert found and found.category == "threat" and found.faint
    assert reader.read("a threat", {"a threat": loud}) is not None


def test_half_way_is_between_the_odds() -> None:
    assert half_way(0.2, 0.2) == pytest.approx(0.2)
    assert half_way(0.9, 0.1) == pytest.approx(0.5)
    assert half_way(0.0, 1.0) < 0.5 and half_way(1.0, 1.0) == pytest.approx(1)


def test_letters_count_too() -> None:
    assert not np.allclose(*join(["i am fine", "i am fyne"], np.ones((2, 2), np.float32)))
