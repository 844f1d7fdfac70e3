"""What the letters say: tf-idf over words, word pairs and character n-grams, in numpy.

Character n-grams inside words make a misspelt word nearly itself; word pairs keep phrases. Two readings of the same
features: `Lexicon.similarities` against every phrasing, and `sketch`, a fixed-width signed projection that linear models use.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from language.normalise import words

BUCKETS = 1 << 18
SKETCH = 1024
_COMMON = 0.15  # a feature in more than this share of phrasings says nothing
_STOP = frozenset("a an the i im to of is are am do does my me it and or in for el la los las un una de que y o en mi me se lo".split())


@dataclass(frozen=True)
class Features:
    """Sparse features of one text: distinct bucket numbers (int64) and their counts (float32)."""

    buckets: np.ndarray
    counts: np.ndarray


def features(text: str) -> Features:
    found: Counter[str] = Counter()
    tokens = words(text)
    kept = [t for t in tokens if t not in _STOP]
    for word in tokens:
        padded = f"<{word}>"
        for size in (3, 4, 5):
            found.update(padded[i : i + size] for i in range(len(padded) - size + 1))
    found.update(f"w:{w}" for w in kept)
    found.update(f"p:{a} {b}" for a, b in pairwise(kept))
    merged: Counter[int] = Counter()
    for name, count in found.items():
        # A word as a whole says more than one of its pieces.
        merged[zlib.crc32(name.encode()) % BUCKETS] += count * (3 if name[1:2] == ":" else 1)
    return Features(np.fromiter(merged.keys(), np.int64, len(merged)), np.fromiter(merged.values(), np.float32, len(merged)))


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
        out = np.zeros((len(rows), SKETCH), np.float32)
        for line, row in zip(out, rows):
            columns, signs = places_of(row.buckets)
            np.add.at(line, columns, signs * self.weigh(row))
        return out


def places_of(buckets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a bucket goes in a sketch: its column (int64) and its sign (float32)."""
    mixed = (buckets * 2654435761) % (1 << 32)
    return mixed % SKETCH, np.where((mixed >> 16) & 1, 1, -1).astype(np.float32)


def _weights(text: Features, idf: np.ndarray) -> np.ndarray:
    weights = (1 + np.log(text.counts)) * idf[text.buckets]
    return np.asarray(weights / max(float(np.linalg.norm(weights)), 1e-9), np.float32)
