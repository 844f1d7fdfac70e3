"""Misses that mean the same, together; the same misses always in the same groups."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.learning.grouping import groups_of, middle_of, readings


def points(*angles: float) -> np.ndarray:
    """Directions in a plane, in degrees."""
    turned = np.radians(np.array(angles, np.float32))
    return np.stack([np.cos(turned), np.sin(turned)], 1).astype(np.float32)


def by_trying_all_pairs(vectors: np.ndarray, least: float) -> list[list[int]]:
    """The plain way: again and again join the two groups that are most alike."""
    groups = [[i] for i in range(len(vectors))]
    while len(groups) > 1:
        means = {(a, b): float(np.mean(vectors[groups[a]] @ vectors[groups[b]].T)) for a in range(len(groups)) for b in range(a)}
        (a, b), best = max(means.items(), key=lambda m: m[1])
        if best < least:
            break
        groups[b] += groups[a]
        del groups[a]
    return sorted(sorted(g) for g in groups)


def test_near_directions_are_one_group_and_far_ones_are_not() -> None:
    vectors = points(0, 5, 90, 94, 180)
    assert groups_of(vectors, list("abcde"), 0.9) == [[0, 1], [2, 3], [4]]


def test_equal_texts_are_one_whatever_their_vectors() -> None:
    assert groups_of(points(0, 90, 180), ["same", "other", "same"], 0.9) == [[0, 2], [1]]


def test_nothing_gives_no_groups() -> None:
    assert groups_of(np.zeros((0, 2), np.float32), []) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 360), min_size=2, max_size=14, unique=True), st.floats(0.2, 0.95))
def test_the_chain_finds_what_trying_all_pairs_finds(angles: list[float], least: float) -> None:
    vectors = points(*angles)
    names = [str(i) for i in range(len(angles))]
    near_ties = {round(float(x), 3) for x in (vectors @ vectors.T)[np.triu_indices(len(angles), 1)]}
    if len(near_ties) == len(angles) * (len(angles) - 1) // 2:  # with ties either way round is right
        assert groups_of(vectors, names, least) == by_trying_all_pairs(vectors, least)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 360), min_size=1, max_size=20))
def test_every_row_is_in_exactly_one_group(angles: list[float]) -> None:
    found = groups_of(points(*angles), [str(i) for i in range(len(angles))], 0.8)
    assert sorted(row for group in found for row in group) == list(range(len(angles)))


def test_two_languages_meet_when_the_matcher_thinks_of_the_same_first() -> None:
    vectors = points(0, 65, 120)  # far apart in words
    compared = readings(vectors, ["fafsa.cost", "fafsa.cost", "wasfa.cost"])
    assert groups_of(compared, list("abc")) == [[0, 1], [2]]
    assert [0, 1] not in groups_of(vectors, list("abc"))
    assert np.allclose(np.linalg.norm(compared, axis=1), 1, atol=1e-5)


def test_the_most_typical_comes_first() -> None:
    assert middle_of(points(0, 10, 40), [0, 1, 2])[0] == 1
