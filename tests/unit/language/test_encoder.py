"""language.encoder: what every encoder promises, and that MiniLM means what it says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from language import encoder
from language.encoder import PARTS, Encoder, HashingEncoder, RecentVectors, whole_words
from language.minilm import MiniLM

TEXTS = [
    "How do I pay for college?",
    "",
    "¿Cómo pago la universidad?",
    "x",
    "a much longer sentence about welding, nursing and paid apprenticeships " * 6,
]


@pytest.fixture(scope="module", params=["hashing", "both", "minilm", "plain minilm"])
def any_encoder(request: pytest.FixtureRequest) -> Encoder:
    home = encoder.home()
    assert home
    return MiniLM(home) if request.param == "plain minilm" else encoder.load(request.param)


def parts_of(any_encoder: Encoder) -> tuple[slice, ...]:
    return PARTS[:1] if "minilm" in any_encoder.name else PARTS


def test_vectors_are_float32_and_each_part_of_length_one(any_encoder: Encoder) -> None:
    vectors = any_encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), parts_of(any_encoder)[-1].stop)
    assert vectors.dtype == np.float32
    for part in parts_of(any_encoder):
        assert np.linalg.norm(vectors[:, part], axis=1) == pytest.approx(1, abs=1e-5)


def test_a_batch_equals_one_by_one(any_encoder: Encoder) -> None:
    together = any_encoder.encode(TEXTS)
    alone = np.vstack([any_encoder.encode([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


def test_no_texts_give_no_rows(any_encoder: Encoder) -> None:
    assert any_encoder.encode([]).shape == (0, parts_of(any_encoder)[-1].stop)


def test_equal_names_mean_equal_vectors(any_encoder: Encoder) -> None:
    assert any_encoder.name
    assert np.array_equal(any_encoder.encode(TEXTS), any_encoder.encode(TEXTS))


def test_encoders_have_different_names_short_enough_for_their_column() -> None:
    names = {encoder.load(name).name for name in ("hashing", "minilm", "both")}
    assert len(names) == 3
    assert max(map(len, names)) <= 40


def test_the_quick_one_is_used_where_it_can_be() -> None:
    assert "8bit" in encoder.load("minilm").name


def test_an_encoder_is_made_once_a_process() -> None:
    assert encoder.load("minilm") is encoder.load("minilm")


def test_hashing_is_near_for_like_letters_and_far_for_unlike() -> None:
    one, like, unlike = HashingEncoder().encode(["running start cost", "running start costs", "qwxz vvkk"])
    letters, words = PARTS
    assert one[letters] @ like[letters] > 0.9
    assert one[letters] @ unlike[letters] < 0.2
    assert one[words] @ like[words] == pytest.approx(2 / 3)


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


class CountingEncoder(HashingEncoder):
    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.read += texts
        return super().encode(texts)


def test_a_text_of_the_last_turns_is_encoded_once() -> None:
    counting = CountingEncoder()
    recent = RecentVectors(counting)
    first = recent.encode(["how much is it", "when is it due", "how much is it"])
    assert counting.read == ["how much is it", "when is it due"]
    assert np.array_equal(first[0], first[2]) and first.dtype == np.float32
    assert np.array_equal(recent.encode(["when is it due"])[0], first[1]) and len(counting.read) == 2


def test_what_another_process_made_is_not_made_again() -> None:
    counting = CountingEncoder()
    made = HashingEncoder().encode(["how much is it"])[0]
    recent = RecentVectors(counting)
    recent.learn({"how much is it": made})
    assert np.allclose(recent.encode(["how much is it"])[0], made, atol=1e-3) and counting.read == []


def test_old_texts_give_way() -> None:
    counting = CountingEncoder()
    recent = RecentVectors(counting, size=2)
    recent.encode(["a", "b", "c"])
    recent.encode(["b", "c"])
    assert counting.read == ["a", "b", "c"]
    recent.encode(["a"])
    assert counting.read == ["a", "b", "c", "a"]
    recent.forget()
    recent.encode(["c"])
    assert counting.read[-1] == "c"
