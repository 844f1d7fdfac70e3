"""language.universal: one space for two languages, the same with and without a mapped table, and only the known files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from language import universal
from language.encoder import UNIVERSAL_WIDTH, EncoderUnavailable
from language.universal import Universal


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Universal:
    return Universal(tmp_path_factory.mktemp("table"))


@pytest.mark.parametrize(
    ("english", "spanish", "other"),
    [
        ("How much does it cost?", "¿Cuánto cuesta?", "¿Dónde queda la biblioteca?"),
        ("my parents do not have papers", "mis papás no tienen papeles", "mis papás compraron un perro"),
        ("I want to be a nurse", "quiero ser enfermera", "quiero ver una película"),
    ],
)
def test_a_sentence_is_nearer_to_its_translation_than_to_another_in_the_same_language(
    encoder: Universal, english: str, spanish: str, other: str
) -> None:
    a, b, c = encoder.encode([english, spanish, other])
    assert a @ b > 0.5
    assert a @ b > b @ c + 0.1


def test_word_order_counts(encoder: Universal) -> None:
    a, b = encoder.encode(["the dog bit the man", "the man bit the dog"])
    assert a @ b < 0.999


def test_many_texts_come_out_as_each_alone(encoder: Universal) -> None:
    texts = [f"question number {n} about college" for n in range(40)]
    assert np.abs(encoder.encode(texts) - np.vstack([encoder.encode([text]) for text in texts])).max() < 1e-5


def test_no_texts_and_odd_texts(encoder: Universal) -> None:
    assert encoder.encode([]).shape == (0, UNIVERSAL_WIDTH)
    odd = encoder.encode(["", "🙂", "a " * 5000, "\x00"])
    assert np.isfinite(odd).all()
    assert np.linalg.norm(odd, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_mapped_table_is_the_unpacked_one(encoder: Universal, tmp_path: Path) -> None:
    texts = ["cómo pago la universidad"]
    assert np.array_equal(Universal(None).encode(texts), encoder.encode(texts))
    first = Universal(tmp_path)
    assert np.array_equal(Universal(tmp_path).encode(texts), first.encode(texts))
    assert [p.name for p in tmp_path.iterdir()] == [f"{first.name}.npy"]


def test_another_file_than_the_known_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(universal, "_folder", lambda: tmp_path)
    with pytest.raises(EncoderUnavailable, match="make install"):
        Universal()
    (tmp_path / "sp.model").write_bytes(b"something else")
    with pytest.raises(EncoderUnavailable, match="sha256"):
        Universal()
