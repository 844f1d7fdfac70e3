"""A second reading for danger that no pattern names: “i gave all my stuff away today, thanks for everything”.

A small network (language/text_reader.py) fitted by ``python -m evaluation safety``. What it finds alone is told more softly,
and a person looks in. It silences a pattern of language/safety.py only where it holds danger for next to impossible
(“I'm starving, when does the cafeteria open”), and never one of self-harm or of a threat.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from language.safety import Finding
from language.safety_lists import ORDER, Category
from language.text_reader import TextReader

SAFE = "safe"
LABELS = (SAFE, *ORDER)
UNLIKELY, FAINT, CERTAIN = 0.01, 0.15, 0.4
"""Probabilities of danger. Below the first a pattern's word alone alarms nobody; from the second somebody is asked whether they
are safe, unless it was clearly a question; from the third in any case."""
NEVER_SILENCED: frozenset[Category] = frozenset({"self_harm", "threat"})
PATH = Path(__file__).parent / "safety_weights.npz"


@dataclass(frozen=True)
class SafetyReader:
    """`network` tells LABELS apart."""

    network: TextReader

    @classmethod
    def shipped(cls, encoder: str) -> SafetyReader | None:
        """None for another encoder than the one it was fitted with."""
        network = TextReader.shipped(PATH, encoder)
        return cls(network) if network else None

    def read(self, text: str, vector: np.ndarray, named: Finding | None = None) -> Finding | None:
        """`vector`: the encoder's vector of the text. `named`: what the patterns found in it."""
        chances = self.network.read(text, vector)
        danger = 1 - float(chances[0])
        if named is not None:
            return named if danger >= UNLIKELY or named.category in NEVER_SILENCED else None
        if danger < FAINT:
            return None
        category = ORDER[int(np.argmax(chances[1:]))]
        return Finding(category, "soon", f"second reading, {danger:.2f}", unsure=True, faint=danger < CERTAIN)
