"""A second reading for danger that no pattern names: “i gave all my stuff away today, thanks for everything”.

A small network with one hidden layer over what the message means (its encoder's vector) and how it is spelt
(language/letters.py), fitted from reviewed examples (``python -m evaluation safety``) and shipped as numbers. What it finds
alone is told more softly, and a person looks in. It silences a pattern of language/safety.py only where it holds danger for
next to impossible (“I'm starving, when does the cafeteria open”), and never one of self-harm or of a threat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from language.letters import features, sketch, unit
from language.safety import Finding
from language.safety_lists import ORDER, Category

SAFE = "safe"
LABELS = (SAFE, *ORDER)
UNLIKELY, FAINT, CERTAIN = 0.01, 0.15, 0.4
"""Probabilities of danger. Below the first a pattern's word alone alarms nobody; from the second somebody is asked whether they
are safe, unless it was clearly a question; from the third in any case."""
NEVER_SILENCED: frozenset[Category] = frozenset({"self_harm", "threat"})
VECTOR_WEIGHT, LETTERS_WEIGHT = 20.0, 14.0
PATH = Path(__file__).parent / "safety_weights.npz"


def join(texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """float32 of shape (texts, width + SKETCH): what each text means and how it is spelt."""
    spelt = [features(text) for text in texts]
    letters = sketch(spelt, [unit(1 + np.log(row.counts)) for row in spelt])
    return np.hstack([VECTOR_WEIGHT * vectors, LETTERS_WEIGHT * letters]).astype(np.float32)


@dataclass(frozen=True)
class SafetyReader:
    """`hidden`: float32 of shape (joined + 1, units); `out`: (units + 1, LABELS). The last row of each is the constant."""

    hidden: np.ndarray
    out: np.ndarray

    @classmethod
    def shipped(cls, encoder: str) -> SafetyReader | None:
        """The fitted one; None for another encoder than the one it was fitted with, whose vectors mean nothing to it."""
        with np.load(PATH, allow_pickle=False) as kept:
            fits = str(kept["encoder"]) == encoder
            return cls(kept["hidden"].astype(np.float32), kept["out"].astype(np.float32)) if fits else None

    def units(self, joined: np.ndarray) -> np.ndarray:
        return np.asarray(np.maximum(joined @ self.hidden[:-1] + self.hidden[-1], 0))

    def chances(self, joined: np.ndarray) -> np.ndarray:
        """Probabilities of shape (texts, LABELS) for what `join` made."""
        return self.told(self.units(joined))

    def told(self, units: np.ndarray) -> np.ndarray:
        """Probabilities of shape (texts, LABELS) for hidden units."""
        scores: Any = units @ self.out[:-1] + self.out[-1]
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        return np.asarray(scores / scores.sum(-1, keepdims=True))

    def read(self, text: str, vector: np.ndarray, named: Finding | None = None) -> Finding | None:
        """`vector`: the encoder's vector of the text. `named`: what the patterns found in it."""
        chances = self.chances(join([text], vector[None, :]))[0]
        danger = 1 - float(chances[0])
        if named is not None:
            return named if danger >= UNLIKELY or named.category in NEVER_SILENCED else None
        if danger < FAINT:
            return None
        category = ORDER[int(np.argmax(chances[1:]))]
        return Finding(category, "soon", f"second reading, {danger:.2f}", unsure=True, faint=danger < CERTAIN)
