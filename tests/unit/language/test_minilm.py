"""language.minilm: the official weights, the published values, and many texts at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from language import encoder
from language.encoder import EncoderUnavailable
from language.minilm import MiniLM


@pytest.fixture(scope="module")
def plain() -> MiniLM:
    home = encoder.home()
    assert home
    return MiniLM(home)


def test_it_gives_the_published_values(plain: MiniLM) -> None:
    """Computed once with the model's reference implementation; a change of arithmetic shows here."""
    vector = plain.encode(["This is an example sentence"])[0]
    assert vector[:5] == pytest.approx([0.0676569, 0.0634959, 0.0487131, 0.0793049, 0.0374480], abs=1e-5)


def test_many_texts_keep_their_order(plain: MiniLM) -> None:
    texts = [f"question {n} about {'college ' * (n % 7)}" for n in range(150)]  # enough for several threads
    vectors = plain.encode(texts)
    for n in (0, 63, 149):
        assert np.allclose(vectors[n], plain.encode([texts[n]])[0], atol=1e-5)


def test_weights_that_are_not_the_official_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\x00" * 4096)
    with pytest.raises(EncoderUnavailable, match="not the official file"):
        MiniLM(tmp_path)


def test_missing_weights_are_told_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="make install"):
        MiniLM(tmp_path)
