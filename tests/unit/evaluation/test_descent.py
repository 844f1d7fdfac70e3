"""evaluation.descent: softmax over the last axis, and Adam against its own paper."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.descent import adam, softmax


def test_softmax_sums_to_one_over_the_last_axis_whatever_the_size() -> None:
    scores = np.array([[[1000.0, 1000.0, -1000.0]], [[0.0, np.log(3), 0.0]]])
    assert softmax(scores) == pytest.approx(np.array([[[0.5, 0.5, 0]], [[0.2, 0.6, 0.2]]]))


def test_the_first_step_is_as_long_as_the_rate_and_against_the_slope() -> None:
    values = np.array([1.0, -2.0, 3.0])
    adam(values)(np.array([5.0, -0.001, 0.0]), 0.1)
    assert values == pytest.approx(np.array([0.9, -1.9, 3.0]), abs=1e-5)


@pytest.mark.parametrize("forgets", [0.01, 0.001])
def test_a_valley_is_walked_down_in_place(forgets: float) -> None:
    values = np.array([4.0, -3.0])
    move = adam(values, forgets)
    for _ in range(500):
        move(2 * (values - np.array([1.0, 2.0])) * np.array([1.0, 100.0]), 0.1)
    assert values == pytest.approx(np.array([1.0, 2.0]), abs=0.01)
