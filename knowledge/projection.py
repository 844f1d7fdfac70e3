"""Where questions of one entry lie together: what a sentence means and how it is spelt, turned into 256 numbers.

General sentence encoders put “how much is it” and “when is it due” of one topic side by side; here what is asked counts.
Fitted once on the shipped phrasings (``python -m evaluation project``) and shipped as numbers: a new phrasing, entry or topic
needs no fitting. On topics it was not fitted on it still finds more than the encoders alone (docs/decisions/0017).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from knowledge.lexical import Lexicon
from language.encoder import PARTS
from language.letters import SKETCH, Features

SKETCH_WEIGHT = 0.7
JOINED = PARTS[-1].stop + SKETCH
PATH = Path(__file__).parent / "projection.npz"


class Projection:
    """`weights`: float32 of shape (JOINED, width); None leaves joined vectors as they are."""

    def __init__(self, weights: np.ndarray | None = None) -> None:
        self._weights = weights
        self.width = JOINED if weights is None else weights.shape[1]
        self.name = "plain" if weights is None else hashlib.blake2s(weights.tobytes(), digest_size=6).hexdigest()

    @classmethod
    def shipped(cls, encoder: str) -> Projection:
        """The fitted one; for an encoder it was not fitted with, whose vectors mean nothing to it, the plain one."""
        name, weights = _shipped()
        return cls(weights) if name == encoder else cls()

    def __call__(self, joined: np.ndarray) -> np.ndarray:
        """Vectors of length 1, float32 of shape (texts, width), of what `join` made."""
        made = joined if self._weights is None else joined @ self._weights
        return np.asarray(made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9), np.float32)


def join(dense: np.ndarray, lexicon: Lexicon, texts: Sequence[Features]) -> np.ndarray:
    """float32 of shape (texts, JOINED): what each sentence means (its encoder's vector), and how it is spelt."""
    return np.hstack([dense, SKETCH_WEIGHT * lexicon.sketch(texts)]).astype(np.float32)


def keep(weights: np.ndarray, encoder: str, path: Path = PATH) -> None:
    np.savez(path, weights=weights.astype(np.float16), encoder=np.array(encoder))


@cache
def _shipped() -> tuple[str, np.ndarray]:
    with np.load(PATH, allow_pickle=False) as kept:
        return str(kept["encoder"]), kept["weights"].astype(np.float32)
