"""A second reading for danger that no pattern names: “i gave all my stuff away today, thanks for everything”.

A small linear model over the sentence's vector, fitted from reviewed examples (``python -m evaluation safety``) and shipped
as numbers. It never silences the patterns of language/safety.py; what it finds is told more softly, and a person looks in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from language.safety import Finding
from language.safety_lists import ORDER

SAFE = "safe"
LABELS = (SAFE, *ORDER)
CERTAIN = 0.75  # from this probability of danger somebody is asked whether they are safe
PATH = Path(__file__).parent / "safety_weights.npz"


class SafetyReader:
    """`weights`: float32 of shape (width + 1, LABELS), the last row is the constant."""

    def __init__(self, weights: np.ndarray) -> None:
        self.weights = weights

    @classmethod
    def shipped(cls, encoder: str) -> SafetyReader | None:
        """The fitted one; None for another encoder than the one it was fitted with, whose vectors mean nothing to it."""
        with np.load(PATH, allow_pickle=False) as kept:
            return cls(kept["weights"]) if str(kept["encoder"]) == encoder else None

    def chances(self, vectors: np.ndarray) -> np.ndarray:
        """Probabilities of shape (vectors, LABELS)."""
        scores: Any = vectors @ self.weights[:-1] + self.weights[-1]
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        return np.asarray(scores / scores.sum(-1, keepdims=True))

    def read(self, vector: np.ndarray) -> Finding | None:
        chances = self.chances(vector[None, :])[0]
        danger = 1 - float(chances[0])
        if danger < CERTAIN:
            return None
        category = ORDER[int(np.argmax(chances[1:]))]
        return Finding(category, "soon", f"second reading, {danger:.2f}", unsure=True)
