"""Misses that mean the same, together. Pure and deterministic: the same misses give the same groups in the same order.

Agglomerative, average linkage over cosine, joined by a chain of nearest neighbours: for average linkage that finds the same
tree as trying all pairs, in a time that grows with the square of their number.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

WORDS, ALIKE = 0.65, 0.47
"""How much the sentence's vector counts beside what the matcher thinks of first, and the mean likeness from which two groups
are one. On the development questions with a topic: pairs put together were the same topic and facet in 7 of 10 cases, with
the vector alone in 1.5 of 10; and English and Spanish meet in one group (docs/decisions/0009-misses-in-groups.md)."""


def readings(vectors: np.ndarray, nearest: Sequence[str]) -> np.ndarray:
    """What is compared: (n, width) vectors of length 1, beside one place for each thing the matcher may think of first."""
    places = {name: place for place, name in enumerate(sorted(set(nearest)))}
    marks = np.zeros((len(nearest), len(places)), np.float32)
    for row, name in enumerate(nearest):
        marks[row, places[name]] = 1
    return np.hstack([np.sqrt(np.float32(WORDS)) * vectors, np.sqrt(np.float32(1 - WORDS)) * marks]).astype(np.float32)


def groups_of(vectors: np.ndarray, names: Sequence[str], least: float = ALIKE) -> list[list[int]]:
    """Row numbers by group, each group in order. `vectors`: (n, width), rows of length 1. `names`: equal names are one from the start."""
    starts: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        starts.setdefault(name, []).append(row)
    members = list(starts.values())
    if not members:
        return []
    alike = _between(vectors, members)
    alive = [True] * len(members)
    chain: list[int] = []
    begin = 0
    while True:
        if not chain:
            begin = next((i for i in range(begin, len(members)) if alive[i]), len(members))
            if begin == len(members):
                break
            chain.append(begin)
        tip = chain[-1]
        nearest = int(np.argmax(alike[tip]))
        if alike[tip, nearest] < least:
            chain.clear()  # whatever joins later is no nearer to it: the mean of what is too far stays too far
            begin += tip == begin
        elif len(chain) > 1 and alike[tip, chain[-2]] >= alike[tip, nearest]:
            _join(alike, members, alive, chain[-2], tip)
            del chain[-2:]
        else:
            chain.append(nearest)
    return sorted(sorted(members[i]) for i in range(len(members)) if alive[i])


def middle_of(vectors: np.ndarray, rows: Sequence[int]) -> list[int]:
    """The rows of a group, the most typical first."""
    here = vectors[list(rows)]
    typical = here @ here.mean(0)
    return [rows[i] for i in sorted(range(len(rows)), key=lambda i: (-round(float(typical[i]), 5), rows[i]))]


def _between(vectors: np.ndarray, members: list[list[int]]) -> np.ndarray:
    """Cosines between starting groups (each of equal vectors); -1 on the diagonal, so that nothing joins itself."""
    first = vectors[[rows[0] for rows in members]].astype(np.float32)
    alike = first @ first.T
    np.fill_diagonal(alike, -1)
    return np.asarray(alike)


def _join(alike: np.ndarray, members: list[list[int]], alive: list[bool], keep: int, gone: int) -> None:
    one, two = len(members[keep]), len(members[gone])
    mean = (one * alike[keep] + two * alike[gone]) / (one + two)
    alike[keep], alike[:, keep] = mean, mean
    alike[keep, keep] = -1
    alike[gone], alike[:, gone] = -1, -1
    members[keep] += members[gone]
    alive[gone] = False
