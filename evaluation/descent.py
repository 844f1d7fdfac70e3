"""Gradient descent as every fit of this room does it: softmax, and Adam (Kingma and Ba 2015, arXiv:1412.6980)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def softmax(scores: np.ndarray) -> np.ndarray:
    """Over the last axis."""
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(scores / scores.sum(-1, keepdims=True))


def adam(values: np.ndarray, forgets: float = 0.01) -> Callable[[np.ndarray, float], None]:
    """A function (slope, rate) that moves `values` in place. `forgets`: the share of the squared slopes each step forgets."""
    mean, square, step = np.zeros_like(values), np.zeros_like(values), 0

    def move(slope: np.ndarray, rate: float) -> None:
        nonlocal step
        step += 1
        mean[:] = 0.9 * mean + 0.1 * slope
        square[:] = (1 - forgets) * square + forgets * slope**2
        values[:] -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - (1 - forgets) ** step)) + 1e-8)

    return move
