"""language.minilm_quick: near enough to float32 to be used in its place, and made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from language import encoder
from language.graphs import BLOCK, in_8_bits
from language.minilm import MiniLM
from language.minilm_quick import QuickMiniLM

TEXTS = [
    "what is running start",
    "how much does the fafsa cost to fill out",
    "¿Cómo pago la universidad si soy indocumentado?",
    "my son is in 11th grade and wants to be an electrician, can he get college credit",
    "deadline?",
    "Is there a paid apprenticeship near Yakima for welding that takes less than a year",
    "hola",
    "Do I have to pay back the Washington College Grant when I drop out of school in the middle of the quarter?",
]

PINNED = [0.07074, 0.06168, 0.04925, 0.07916, 0.03714]


@pytest.fixture(scope="module")
def home() -> Path:
    found = encoder.home()
    assert found
    return found


def test_sentences_come_out_as_in_float32_but_for_a_hair(home: Path) -> None:
    nearness = (QuickMiniLM(home).encode(TEXTS) * MiniLM(home).encode(TEXTS)).sum(1)
    assert nearness.mean() > 0.999 and nearness.min() > 0.995


def test_a_text_gives_the_same_bits_in_any_company(home: Path) -> None:
    """Rows of the index are made many at once, a student's message alone."""
    quick = QuickMiniLM(home)
    assert np.array_equal(quick.encode(TEXTS), np.vstack([quick.encode([text]) for text in TEXTS]))


def test_the_graph_is_kept_whole_and_made_once(home: Path, tmp_path: Path) -> None:
    first = QuickMiniLM(home, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    assert kept.name == f"{first.name}.onnx"
    made = kept.stat().st_mtime_ns
    again = QuickMiniLM(home, tmp_path / "cache")
    assert kept.stat().st_mtime_ns == made
    assert np.array_equal(first.encode(TEXTS), again.encode(TEXTS))


def test_eight_bits_are_off_by_half_a_step_at_most() -> None:
    weight = np.random.default_rng(1).standard_normal((6, 4 * BLOCK)).astype(np.float32)
    numbers, steps = in_8_bits(weight)
    back = (numbers.astype(np.float32) - 128) * steps[..., None]
    assert np.abs(back.reshape(weight.shape) - weight).max() <= steps.max() / 2 + 1e-6


def test_a_row_of_nothing_is_nothing() -> None:
    numbers, steps = in_8_bits(np.zeros((1, BLOCK), np.float32))
    assert (numbers == 128).all() and np.isfinite(steps).all()


def test_vectors_are_those_of_this_edition(home: Path) -> None:
    """Kept vectors are found by the encoder's name; if these values change, raise EDITION and write the new ones here."""
    assert QuickMiniLM(home).encode(["This is an example sentence"])[0][:5] == pytest.approx(PINNED, abs=2e-4)
