"""A small network that reads one text and tells how likely each of a few labels is: danger or not, a wish for a person or not.

One hidden layer over what the text means (its encoder's vector) and how it is spelt (language/letters.py), fitted from reviewed
examples (evaluation/reader_fitting.py) and shipped as numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from language.letters import features, sketch, unit

VECTOR_WEIGHT, LETTERS_WEIGHT = 20.0, 14.0


@dataclass(frozen=True)
class TextReader:
    """`hidden`: float32 of shape (joined + 1, units); `out`: (units + 1, labels). The last row of each is the constant."""

    labels: tuple[str, ...]
    hidden: np.ndarray
    out: np.ndarray

    @classmethod
    def shipped(cls, path: Path, encoder: str) -> TextReader | None:
        """The fitted one; None for another encoder than the one it was fitted with, whose vectors mean nothing to it."""
        with np.load(path, allow_pickle=False) as kept:
            fits = str(kept["encoder"]) == encoder
            return cls(tuple(map(str, kept["labels"])), kept["hidden"].astype(np.float32), kept["out"].astype(np.float32)) if fits else None

    def keep(self, path: Path, encoder: str) -> None:
        hidden, out = self.hidden.astype(np.float16), self.out.astype(np.float16)
        np.savez(path, hidden=hidden, out=out, encoder=np.array(encoder), labels=np.array(self.labels))

    def read(self, text: str, vector: np.ndarray) -> np.ndarray:
        """The probability of each label. `vector`: the encoder's vector of the text."""
        return np.asarray(self.chances(join([text], vector[None, :]))[0])

    def chances(self, joined: np.ndarray) -> np.ndarray:
        """Probabilities of shape (texts, labels) for what `join` made."""
        return self.told(self.units(joined))

    def units(self, joined: np.ndarray) -> np.ndarray:
        return np.asarray(np.maximum(joined @ self.hidden[:-1] + self.hidden[-1], 0))

    def told(self, units: np.ndarray) -> np.ndarray:
        """Probabilities of shape (texts, labels) for hidden units."""
        scores: Any = units @ self.out[:-1] + self.out[-1]
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        return np.asarray(scores / scores.sum(-1, keepdims=True))


def join(texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """float32 of shape (texts, width + SKETCH): what each text means and how it is spelt."""
    spelt = [features(text) for text in texts]
    letters = sketch(spelt, [unit(1 + np.log(row.counts)) for row in spelt])
    return np.hstack([VECTOR_WEIGHT * vectors, LETTERS_WEIGHT * letters]).astype(np.float32)
