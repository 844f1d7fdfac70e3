"""What a text is made of, by its letters: words, word pairs and character n-grams, hashed into buckets.

Character n-grams inside words make a misspelt word nearly itself; word pairs keep phrases.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from language.normalise import words

BUCKETS = 1 << 18
SKETCH = 1024
_STOP = frozenset("a an the i im to of is are am do does my me it and or in for el la los las un una de que y o en mi me se lo".split())


@dataclass(frozen=True)
class Features:
    """Sparse features of one text: distinct bucket numbers (int64) and their counts (float32)."""

    buckets: np.ndarray
    counts: np.ndarray


@lru_cache(maxsize=512)
def features(text: str) -> Features:
    """What is asked for again and again in a turn, by the matcher and the readers, is made once; nobody changes it."""
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


def places_of(buckets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a bucket goes in a sketch: its column (int64) and its sign (float32)."""
    mixed = (buckets * 2654435761) % (1 << 32)
    return mixed % SKETCH, np.where((mixed >> 16) & 1, 1, -1).astype(np.float32)


def sketch(rows: Sequence[Features], weights: Sequence[np.ndarray]) -> np.ndarray:
    """Signed projection to float32 of shape (len(rows), SKETCH), `weights` a row's buckets; inner products are about the cosines."""
    out = np.zeros((len(rows), SKETCH), np.float32)
    for line, row, weight in zip(out, rows, weights, strict=True):
        columns, signs = places_of(row.buckets)
        np.add.at(line, columns, signs * weight)
    return out


def unit(weights: np.ndarray) -> np.ndarray:
    """Of length 1, float32; a text of nothing stays 0."""
    return np.asarray(weights / max(float(np.linalg.norm(weights)), 1e-9), np.float32)
