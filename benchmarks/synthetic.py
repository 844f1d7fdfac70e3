"""A knowledge base far larger than the real one, for the matcher alone: invented entries, real words.

What the matcher does with it costs what it would cost with real entries of that number; what it answers means nothing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from knowledge.eight_bits import EightBits
from knowledge.index import Index, Target
from knowledge.lexical import Lexicon, features

TOPICS = 600


def phrasings(real: Sequence[str], count: int, seed: int) -> list[str]:
    """As long as real ones and of real words, as common as they really are, in a new order."""
    drawn = random.Random(seed)
    words = [word for row in real for word in row.split()]
    return [" ".join(drawn.choices(words, k=max(1, len(drawn.choice(real).split())))) for _ in range(count)]


def enlarge(real: Index, entries: int, rows: int, seed: int = 7) -> Index:
    """`real` with `entries` invented entries of `rows` phrasings in all instead of its own; its names and spelling stay.

    Vectors are drawn by chance: how long arithmetic takes does not depend on the numbers in it.
    """
    numbers = np.random.default_rng(seed)
    facets = sorted({t.facet for t in real.targets})
    topics = [f"topic_{n}" for n in range(min(TOPICS, entries))]
    targets = tuple(Target("entry", f"entry_{n:05}", topics[n % len(topics)], facets[n % len(facets)]) for n in range(entries))
    lines = tuple(phrasings(real.rows, rows, seed))
    lexicon = Lexicon.build([features(line) for line in lines])
    drawn = numbers.standard_normal((rows, real.projection.width), np.float32)
    meanings = EightBits.of(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))
    starts = np.arange(entries) * rows // entries
    version = f"synthetic-{entries}-{rows}-{seed}"
    return replace(real, version=version, targets=targets, rows=lines, starts=starts, meanings=meanings, lexicon=lexicon)
