"""How alike two texts are by their letters (language/letters.py), weighed by tf-idf.

Two readings of the same features: `Lexicon.similarities` against every phrasing, and `sketch`, of fixed width, for models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from language.letters import BUCKETS, Features, sketch, unit

_COMMON = 0.15  # a feature in more than this share of phrasings says nothing


@dataclass(frozen=True)
class Lexicon:
    """An index over phrasings. Rows keep the order of the texts given.

    Postings lie one after another, sorted by bucket: those of bucket b are `owners[starts[b]:starts[b + 1]]` (row
    numbers, int32) with their weights in `values` (float32). `idf` has BUCKETS values.
    """

    size: int
    idf: np.ndarray
    owners: np.ndarray
    values: np.ndarray
    starts: np.ndarray

    @classmethod
    def build(cls, rows: Sequence[Features]) -> Lexicon:
        size = len(rows)
        buckets = np.concatenate([r.buckets for r in rows]) if rows else np.zeros(0, np.int64)
        seen = np.bincount(buckets, minlength=BUCKETS)
        idf = (np.log((1 + size) / (1 + seen)) + 1).astype(np.float32)
        idf[seen > max(20, _COMMON * size)] = 0
        values = np.concatenate([_weights(r, idf) for r in rows]) if rows else np.zeros(0, np.float32)
        owners = np.repeat(np.arange(size, dtype=np.int32), [len(r.buckets) for r in rows])
        order = np.argsort(buckets, kind="stable")
        starts = np.zeros(BUCKETS + 1, np.int64)
        np.cumsum(seen, out=starts[1:])
        return cls(size, idf, owners[order], values[order].astype(np.float32), starts)

    def weigh(self, text: Features) -> np.ndarray:
        """tf-idf weights of length 1 (log counts)."""
        return _weights(text, self.idf)

    def similarities(self, text: Features) -> np.ndarray:
        """Cosine with every row, float32 of shape (size,)."""
        scores, weights = np.zeros(self.size, np.float32), self.weigh(text)
        starts, ends = self.starts[text.buckets], self.starts[text.buckets + 1]
        there = (starts < ends) & (weights > 0)
        if there.any():
            parts = [slice(start, end) for start, end in zip(starts[there].tolist(), ends[there].tolist())]
            values = np.concatenate([self.values[part] for part in parts]) * np.repeat(weights[there], (ends - starts)[there])
            np.add.at(scores, np.concatenate([self.owners[part] for part in parts]), values)
        return scores

    def sketch(self, rows: Sequence[Features]) -> np.ndarray:
        """Signed projection to shape (len(rows), SKETCH); inner products are about the cosines."""
        return sketch(rows, [self.weigh(row) for row in rows])


def _weights(text: Features, idf: np.ndarray) -> np.ndarray:
    return unit((1 + np.log(text.counts)) * idf[text.buckets])
