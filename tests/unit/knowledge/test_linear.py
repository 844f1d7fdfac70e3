"""knowledge.linear: the closed form, in batches as at once, and what it reads."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.eight_bits import EightBits
from knowledge.linear import LinearReader

RIDGE = 0.5


def example() -> tuple[np.ndarray, list[list[str]]]:
    numbers = np.random.default_rng(3)
    fine = [f"entry {n % 11}" for n in range(200)]
    centres = {name: numbers.standard_normal(20, np.float32) for name in fine}
    vectors = np.stack([centres[name] + 0.1 * numbers.standard_normal(20, np.float32) for name in fine])
    return vectors, [fine, [f"topic {int(name[6:]) % 3}" for name in fine]]


def by_the_book(vectors: np.ndarray, target: list[str]) -> np.ndarray:
    """(XᵀX + λI)⁻¹ Xᵀ Y with Y written out, float64 of shape (labels, width + 1)."""
    x = np.hstack([vectors, np.ones((len(vectors), 1))]).astype(np.float64)
    hot = np.array([[float(t == label) for label in sorted(set(target))] for t in target])
    return np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ hot).T


@pytest.mark.parametrize("size", [200, 64, 7, 1])
def test_batches_of_any_size_give_what_the_book_says(size: int) -> None:
    vectors, targets = example()
    readers = LinearReader.fit((vectors[n : n + size] for n in range(0, len(vectors), size)), targets, RIDGE)
    for reader, target in zip(readers, targets, strict=True):
        wanted = by_the_book(vectors, target)
        assert list(reader.labels) == sorted(set(target))
        found = reader.weights.numbers * reader.weights.steps[:, None]
        assert np.abs(found - wanted[:, :-1]).max() <= reader.weights.steps.max() / 2 + 1e-4
        assert np.allclose(reader.constants, wanted[:, -1], atol=1e-4)


def test_a_clear_yes_reads_about_one_and_a_clear_no_about_nought() -> None:
    vectors, targets = example()
    fine, coarse = LinearReader.fit([vectors], targets, RIDGE)
    read = fine.read(EightBits.of(vectors[:4]))
    assert read.shape == (4, 11)
    for n in range(4):
        assert fine.labels[read[n].argmax()] == targets[0][n]
        assert read[n].max() == pytest.approx(1, abs=0.2)
    assert [coarse.labels[i] for i in coarse.read(EightBits.of(vectors)).argmax(1)] == targets[1]


def test_readers_of_an_empty_knowledge_base_know_no_label() -> None:
    for reader in LinearReader.fit([], [[], []], RIDGE):
        assert reader.labels == () and reader.read(EightBits.of(np.ones((2, 5), np.float32))).shape == (2, 0)
