"""language.encoder: what every encoder promises, and that MiniLM means what it says."""

from __future__ import annotations

import numpy as np
import pytest

from language import encoder
from language.encoder import WIDTH, Encoder, HashingEncoder, whole_words
from language.minilm import MiniLM

TEXTS = [
    "How do I pay for college?",
    "",
    "¿Cómo pago la universidad?",
    "x",
    "a much longer sentence about welding, nursing and paid apprenticeships " * 6,
]


@pytest.fixture(scope="module", params=["hashing", "minilm", "plain minilm"])
def any_encoder(request: pytest.FixtureRequest) -> Encoder:
    home = encoder.home()
    assert home
    return MiniLM(home) if request.param == "plain minilm" else encoder.load(request.param)


def test_vectors_are_float32_and_of_length_one(any_encoder: Encoder) -> None:
    vectors = any_encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), WIDTH)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_batch_equals_one_by_one(any_encoder: Encoder) -> None:
    together = any_encoder.encode(TEXTS)
    alone = np.vstack([any_encoder.encode([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


def test_no_texts_give_no_rows(any_encoder: Encoder) -> None:
    assert any_encoder.encode([]).shape == (0, WIDTH)


def test_equal_names_mean_equal_vectors(any_encoder: Encoder) -> None:
    assert any_encoder.name
    assert np.array_equal(any_encoder.encode(TEXTS), any_encoder.encode(TEXTS))


def test_the_two_encoders_have_different_names() -> None:
    assert encoder.load("hashing").name != encoder.load("minilm").name


def test_the_quick_one_is_used_where_it_can_be() -> None:
    assert "8bit" in encoder.load("minilm").name


def test_an_encoder_is_made_once_a_process() -> None:
    assert encoder.load("minilm") is encoder.load("minilm")


def test_hashing_is_near_for_like_letters_and_far_for_unlike() -> None:
    one, like, unlike = HashingEncoder().encode(["running start cost", "running start costs", "qwxz vvkk"])
    assert one @ like > 0.9
    assert one @ unlike < 0.2


@pytest.mark.parametrize(
    ("text", "paraphrase", "unrelated"),
    [
        ("How much does it cost?", "What is the price?", "Where is the library?"),
        ("I want to become a nurse", "careers in health care", "when does the bus leave"),
        ("my parents can't pay for school", "family cannot afford tuition", "the dog chased the ball"),
    ],
)
def test_minilm_puts_a_paraphrase_nearer_than_something_else(text: str, paraphrase: str, unrelated: str) -> None:
    one, near, far = encoder.load("minilm").encode([text, paraphrase, unrelated])
    assert one @ near > one @ far + 0.2


def test_english_words_are_known_whole_and_misspellings_are_not() -> None:
    known = whole_words()
    assert {"college", "money", "school"} <= known
    assert not {"scholarhsip", "fasfa"} & known
