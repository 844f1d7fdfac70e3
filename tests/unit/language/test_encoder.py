"""language.encoder: what every encoder promises, and that MiniLM is the official one and means what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from language import encoder
from language.encoder import WIDTH, Encoder, EncoderUnavailable, HashingEncoder, MiniLM, whole_words

TEXTS = [
    "How do I pay for college?",
    "",
    "¿Cómo pago la universidad?",
    "x",
    "a much longer sentence about welding, nursing and paid apprenticeships " * 6,
]


@pytest.fixture(scope="module", params=["hashing", "minilm"])
def any_encoder(request: pytest.FixtureRequest) -> Encoder:
    return encoder.load(request.param)


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


def test_minilm_gives_the_published_values() -> None:
    """Computed once with the model's reference implementation; a change of arithmetic shows here."""
    vector = encoder.load("minilm").encode(["This is an example sentence"])[0]
    assert vector[:5] == pytest.approx([0.0676569, 0.0634959, 0.0487131, 0.0793049, 0.0374480], abs=1e-5)


def test_weights_that_are_not_the_official_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\x00" * 4096)
    with pytest.raises(EncoderUnavailable, match="not the official file"):
        MiniLM(tmp_path)


def test_missing_weights_are_told_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="make install"):
        MiniLM(tmp_path)


def test_english_words_are_known_whole_and_misspellings_are_not() -> None:
    known = whole_words()
    assert {"college", "money", "school"} <= known
    assert not {"scholarhsip", "fasfa"} & known
