"""A linear reader of questions, fitted in closed form whenever knowledge changes: which topic, which facet, which entry.

Ridge regression on one-hot targets (a least-squares classifier): no iterations, no randomness, a few seconds for ten
thousand phrasings, so a published phrasing needs no training run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from knowledge.eight_bits import EightBits


class LinearReader:
    """Scores a vector for each label; about 1 for a clear yes and 0 for a clear no."""

    def __init__(self, labels: Sequence[str], weights: EightBits, constants: np.ndarray) -> None:
        self.labels = tuple(labels)
        self.weights, self.constants = weights, constants  # a vector a label; float32 of shape (labels,)

    @classmethod
    def fit(cls, vectors: Iterable[np.ndarray], targets: Sequence[Sequence[str]], ridge: float) -> list[LinearReader]:
        """One reader a list of targets, sharing one factorisation. `vectors`: batches of rows, in all as many as each list has labels.

        Only sums over the rows are kept, so the memory needed does not grow with their number.
        """
        labels = [sorted(set(target)) for target in targets]
        places = []
        for target, names in zip(targets, labels):
            place = {name: i for i, name in enumerate(names)}
            places.append(np.array([place[t] for t in target], np.int64))
        gram, sums = _sums(vectors, places, [len(names) for names in labels])
        if not sums:  # an empty knowledge base: readers that know no label
            return [cls([], EightBits.of(np.zeros((0, 1), np.float32)), np.zeros(0, np.float32)) for _ in targets]
        gram[np.diag_indices_from(gram)] += ridge
        solved = np.linalg.solve(gram.astype(np.float64), np.vstack(sums).T.astype(np.float64)).T.astype(np.float32)
        edges = np.cumsum([len(names) for names in labels])[:-1]
        return [cls(names, EightBits.of(part[:, :-1]), part[:, -1].copy()) for names, part in zip(labels, np.split(solved, edges))]

    def read(self, vectors: EightBits) -> np.ndarray:
        """float32 of shape (vectors, labels)."""
        return np.asarray(self.weights.dot(vectors).T + self.constants, np.float32)


def _sums(batches: Iterable[np.ndarray], places: Sequence[np.ndarray], sizes: Sequence[int]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Each row with a 1 added: the sum of all outer products, and for each list of places the sum of the rows at each place."""
    gram, sums, start = np.zeros((0, 0), np.float32), list[np.ndarray](), 0
    for batch in batches:
        x = np.hstack([batch, np.ones((len(batch), 1), np.float32)])
        if not sums:
            gram, sums = np.zeros((x.shape[1], x.shape[1]), np.float32), [np.zeros((size, x.shape[1]), np.float32) for size in sizes]
        gram += x.T @ x
        for place, total in zip(places, sums):
            here = place[start : start + len(x)]
            order = np.argsort(here, kind="stable")
            firsts = np.flatnonzero(np.diff(here[order], prepend=-1))
            total[here[order][firsts]] += np.add.reduceat(x[order], firsts)
        start += len(batch)
    return gram, sums
