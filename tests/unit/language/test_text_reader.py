"""language.text_reader: numbers in, probabilities out; what is kept comes back, for its own encoder alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from language.letters import SKETCH
from language.text_reader import TextReader, join

DRAWN = np.random.default_rng(3)


@pytest.fixture
def reader() -> TextReader:
    hidden = DRAWN.normal(size=(4 + SKETCH + 1, 5)).astype(np.float32)
    return TextReader(("no", "yes"), hidden, DRAWN.normal(size=(6, 2)).astype(np.float32))


def test_one_text_is_read_as_many_are(reader: TextReader) -> None:
    texts, vectors = ["how much is it", "call me"], np.eye(2, 4, dtype=np.float32)
    together = reader.chances(join(texts, vectors))
    assert together.shape == (2, 2) and together.sum(1) == pytest.approx(1, abs=1e-5)
    assert np.allclose(reader.read("call me", vectors[1]), together[1], atol=1e-6)


def test_what_is_kept_comes_back(reader: TextReader, tmp_path: Path) -> None:
    reader.keep(tmp_path / "kept.npz", "an encoder")
    again = TextReader.shipped(tmp_path / "kept.npz", "an encoder")
    assert again and again.labels == ("no", "yes")
    vector = np.ones(4, np.float32)
    assert np.allclose(again.read("call me", vector), reader.read("call me", vector), atol=0.02)
    assert TextReader.shipped(tmp_path / "kept.npz", "another") is None
