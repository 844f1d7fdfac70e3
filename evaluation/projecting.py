"""Fits the space in which questions of one entry lie together (knowledge/projection.py) on every published phrasing.

Each target has a point of its own; a phrasing should be nearer to its target's point than to any other's (softmax over
cosines, Adam, a fixed seed). No labelled question takes part, so questions stay an honest test of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evaluation.descent import adam, softmax
from knowledge.index import Vectors, targets_of
from knowledge.lexical import Lexicon
from knowledge.projection import join, keep
from knowledge.snapshot import Snapshot
from language.letters import features

WIDTH, MOST_STEPS, BATCH, RATE, SHARPNESS, SEED = 256, 300, 2048, 0.01, 16.0, 7
Told = Callable[[str], None]


def run(snapshot: Snapshot, vectors: Vectors, encoder: str, write: bool, say: Told = print) -> None:
    """`vectors` remembers those of phrasings."""
    rows, owners = [], []
    for n, (_, lines) in enumerate(targets_of(snapshot)):
        rows += lines
        owners += [n] * len(lines)
    spelt = [features(row) for row in rows]
    weights = fit(join(vectors(rows), Lexicon.build(spelt), spelt), np.array(owners), say)
    if write:
        keep(weights, encoder)


def fit(joined: np.ndarray, owners: np.ndarray, say: Told = print) -> np.ndarray:
    """`joined`: (rows, JOINED); `owners`: each row's target, numbered from 0. Returns float32 of shape (JOINED, WIDTH)."""
    drawn = np.random.default_rng(SEED)
    weights: np.ndarray = (drawn.standard_normal((joined.shape[1], WIDTH)) * joined.shape[1] ** -0.5).astype(np.float32)
    points = np.zeros((int(owners.max()) + 1, WIDTH), np.float32)
    np.add.at(points, owners, _unit(joined @ weights)[0])
    points = _unit(points)[0]
    move_weights, move_points = adam(weights, 0.001), adam(points, 0.001)
    steps = min(MOST_STEPS, 60 + len(joined) // 50)  # few rows are learned by heart soon
    for step in range(steps):
        batch = drawn.integers(0, len(joined), min(BATCH, len(joined)))
        x, right = joined[batch], owners[batch]
        seen, lengths = _unit(x @ weights)
        aims, sizes = _unit(points)
        chances = softmax(SHARPNESS * (seen @ aims.T))
        told = -float(np.log(np.maximum(chances[np.arange(len(x)), right], 1e-12)).mean())
        chances[np.arange(len(x)), right] -= 1
        chances *= SHARPNESS / len(x)
        rate = RATE * (1 - step / steps)
        points_slope, weights_slope = _through(chances.T @ seen, aims, sizes), x.T @ _through(chances @ aims, seen, lengths)
        move_weights(weights_slope, rate)
        move_points(points_slope, 2 * rate)
        if step % 50 == 49:
            say(f"step {step + 1} of {steps}: {told:.3f}")
    return weights


def _unit(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return vectors / lengths, lengths


def _through(slope: np.ndarray, unit: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The slope at a vector from the slope at its direction."""
    return np.asarray((slope - unit * (slope * unit).sum(1, keepdims=True)) / lengths)
