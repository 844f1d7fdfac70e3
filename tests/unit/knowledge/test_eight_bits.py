"""knowledge.eight_bits: products come out as in float32, but for less than what tells two phrasings apart."""

from __future__ import annotations

import numpy as np

from knowledge.eight_bits import EightBits


def unit(rows: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, 384), np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_cosines_are_off_by_less_than_half_a_hundredth() -> None:
    rows, asked = unit(2000, 1), unit(3, 2)
    asked[0] = rows[7]
    found = EightBits.of(rows).dot(EightBits.of(asked))
    assert found.shape == (2000, 3) and found.dtype == np.float32
    assert np.abs(found - rows @ asked.T).max() < 0.005
    assert found[:, 0].argmax() == 7


def test_products_keep_their_size_where_vectors_have_any_length() -> None:
    rows = np.array([[1000.0, -2000, 0], [0.001, 0.002, 0.003]], np.float32)
    asked = np.array([[2.0, 1.0, 3.0]], np.float32)
    found = EightBits.of(rows).dot(EightBits.of(asked))[:, 0]
    assert np.allclose(found, rows @ asked[0], atol=0.01 * 2236 * 3.7)
    assert np.isclose(found[1], 0.013, rtol=0.02)


def test_nothing_and_zeros_are_no_error() -> None:
    some = EightBits.of(unit(2, 1))
    assert EightBits.of(np.zeros((0, 384), np.float32)).dot(some).shape == (0, 2)
    assert some.dot(EightBits.of(np.zeros((0, 384), np.float32))).shape == (2, 0)
    assert (EightBits.of(np.zeros((1, 384), np.float32)).dot(some) == 0).all()


def test_rows_are_kept_and_put_in_by_number() -> None:
    vectors = np.random.default_rng(3).normal(size=(5, 16)).astype(np.float32)
    kept = EightBits.of(vectors)
    assert np.allclose(kept.plain(), vectors, atol=float(kept.steps.max()))
    changed = kept.with_rows(np.array([4, -1, 0]), EightBits.of(vectors[2:3]))
    assert np.array_equal(changed.numbers, kept.numbers[[4, 2, 0]]) and np.array_equal(changed.steps, kept.steps[[4, 2, 0]])
    assert len(EightBits.of(np.zeros((0, 16), np.float32)).with_rows(np.array([-1]), EightBits.of(vectors[:1]))) == 1
