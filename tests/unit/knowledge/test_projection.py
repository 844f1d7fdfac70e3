"""knowledge.projection: what is shipped, for which encoder, and what it does to a joined vector."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge import projection
from knowledge.lexical import Lexicon
from knowledge.projection import JOINED, Projection
from language.encoder import HashingEncoder
from language.letters import features


def joined(*texts: str) -> np.ndarray:
    spelt = [features(text) for text in texts]
    return projection.join(HashingEncoder().encode(texts), Lexicon.build(spelt), spelt)


def test_vectors_come_out_with_length_one_whatever_the_text() -> None:
    made = Projection(np.random.default_rng(1).standard_normal((JOINED, 8)).astype(np.float32))(joined("how much is it", "", "¿cuánto?"))
    assert made.shape == (3, 8) and made.dtype == np.float32
    assert np.linalg.norm(made[[0, 2]], axis=1) == pytest.approx(1, abs=1e-5)
    assert np.isfinite(made).all()


def test_the_plain_one_keeps_what_is_joined_but_for_its_length() -> None:
    vectors = joined("how much is it", "when is it due")
    made = Projection()(vectors)
    assert Projection().width == JOINED == made.shape[1]
    assert np.allclose(made * np.linalg.norm(vectors, axis=1, keepdims=True), vectors, atol=1e-6)


def test_the_shipped_one_is_for_its_own_encoder_only() -> None:
    name, weights = projection._shipped()
    assert weights.shape[0] == JOINED and np.isfinite(weights).all()
    fitted, other = Projection.shipped(name), Projection.shipped("hashing-2")
    assert fitted.width == weights.shape[1] < JOINED == other.width
    assert fitted.name != other.name == "plain"


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    weights = np.ones((JOINED, 4), np.float32)
    projection.keep(weights, "mine", tmp_path / "p.npz")
    with np.load(tmp_path / "p.npz", allow_pickle=False) as kept:
        assert str(kept["encoder"]) == "mine" and np.array_equal(kept["weights"], weights)
    assert Projection(weights).name == Projection(weights.copy()).name != Projection(2 * weights).name
