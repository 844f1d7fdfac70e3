"""evaluation.projecting: fitted vectors put what belongs together nearer than the raw ones do."""

from __future__ import annotations

import numpy as np

from evaluation.projecting import fit
from knowledge.projection import Projection


def noisy(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Twelve groups told apart by 6 of 60 numbers; the other 54 are louder and say nothing."""
    drawn = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((12, 6))
    owners = drawn.integers(0, 12, 600)
    rows = np.hstack([centres[owners] + 0.1 * drawn.standard_normal((600, 6)), 2 * drawn.standard_normal((600, 54))])
    return rows.astype(np.float32), owners


def nearest_is_of_the_same_group(project: Projection, known: np.ndarray, owners: np.ndarray, asked: np.ndarray, wanted: np.ndarray) -> float:
    return float((owners[(project(asked) @ project(known).T).argmax(1)] == wanted).mean())


def test_what_tells_groups_apart_is_found_and_the_rest_is_quieted() -> None:
    known, owners = noisy(1)
    asked, wanted = noisy(2)
    fitted = Projection(fit(known, owners, lambda _: None))
    raw = nearest_is_of_the_same_group(Projection(), known, owners, asked, wanted)
    learned = nearest_is_of_the_same_group(fitted, known, owners, asked, wanted)
    assert raw < 0.3 < 0.7 < learned


def test_the_same_rows_give_the_same_numbers() -> None:
    known, owners = noisy(1)
    assert np.array_equal(fit(known, owners, print), fit(known, owners, print))
