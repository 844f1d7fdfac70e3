"""language.universal: one space for two languages, the same with and without kept files, and only the known weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from language import universal
from language.encoder import UNIVERSAL_WIDTH, EncoderUnavailable
from language.universal import Universal

PINNED = [0.03415, -0.02432, 0.01708, 0.03519, 0.03651]


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


@pytest.mark.parametrize("text", ["ok", "How much is it?", "mi hija va a empezar el próximo otoño y no sé qué papeles le piden " * 3])
def test_the_graph_does_what_the_plain_arithmetic_does(encoder: Universal, text: str) -> None:
    with np.load(universal._folder() / "weights.npz", allow_pickle=False) as packed:
        w = {name: packed[name] for name in packed.files if not name.startswith("q")}
    ids = np.array(encoder._tokens.encode(text, add_bos=True, add_eos=True))
    x = encoder._table[ids] * w["scale"][ids % 17, None] + w["lo"][ids % 17, None]
    first = [np.hstack([w[f"{name}{n}"] for n in (2, 3, 5)]) for name in ("proj", "proj_b", "ln_g", "ln_b")]
    wide = normalise(x @ first[0] + first[1], *first[2:])
    seen = [x]
    for n, (size, before) in enumerate(((2, 0), (3, 1), (5, 2))):
        part = wide[:, n * 256 : (n + 1) * 256]
        for layer in "12":
            padded = np.vstack([np.zeros((before, 256)), part, np.zeros((size - 1 - before, 256))])
            windows = np.hstack([padded[i : i + len(part)] for i in range(size)])
            part = np.maximum(windows @ w[f"w{layer}_{size}"] + w[f"b{layer}_{size}"], 0) + part
        seen.append(part)
    total = normalise(np.hstack(seen), w["ln_g"], w["ln_b"]).sum(0)
    y = (total @ w["cnn_W"] + len(ids) * w["cnn_b"]) / np.sqrt(len(ids))
    y = np.maximum(y @ w["p1"] + np.maximum(y @ w["d0"], 0) @ w["d1"], 0)
    y = np.tanh(y @ w["p3"] + np.maximum(y @ w["d2"], 0) @ w["d3"])
    assert encoder.encode([text])[0] @ y / np.linalg.norm(y) > 0.9994, "but for what eight bits leave out"


def test_vectors_are_those_of_this_edition(encoder: Universal) -> None:
    """Kept vectors are found by the encoder's name; if these values change, raise EDITION and write the new ones here."""
    assert encoder.encode(["This is an example sentence"])[0][:5] == pytest.approx(PINNED, abs=2e-4)


def normalise(x: np.ndarray, gain: np.ndarray, shift: np.ndarray) -> np.ndarray:
    x = x - x.mean(-1, keepdims=True)
    return np.asarray(x / np.sqrt(np.square(x).mean(-1, keepdims=True) + 1e-12) * gain + shift)


def test_many_texts_come_out_as_each_alone_to_the_bit(encoder: Universal) -> None:
    texts = [f"question number {n} about college" for n in range(40)]
    assert np.array_equal(encoder.encode(texts), np.vstack([encoder.encode([text]) for text in texts]))


def test_no_texts_and_odd_texts(encoder: Universal) -> None:
    assert encoder.encode([]).shape == (0, UNIVERSAL_WIDTH)
    odd = encoder.encode(["", "🙂", "a " * 5000, "\x00"])
    assert np.isfinite(odd).all()
    assert np.linalg.norm(odd, axis=1) == pytest.approx(1, abs=1e-5)


def test_what_is_kept_is_what_is_made_without(encoder: Universal, tmp_path: Path) -> None:
    texts = ["cómo pago la universidad"]
    assert np.array_equal(Universal(None).encode(texts), encoder.encode(texts))
    first = Universal(tmp_path)
    assert np.array_equal(Universal(tmp_path).encode(texts), first.encode(texts))
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{first.name}.npy", f"{first.name}.onnx"]


def test_another_file_than_the_known_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(universal, "_folder", lambda: tmp_path)
    with pytest.raises(EncoderUnavailable, match="make install"):
        Universal()
    (tmp_path / "sp.model").write_bytes(b"something else")
    with pytest.raises(EncoderUnavailable, match="sha256"):
        Universal()
