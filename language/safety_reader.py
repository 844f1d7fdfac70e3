"""A second reading for danger that no pattern names: “i gave all my stuff away today, thanks for everything”.

A small network (language/text_reader.py) fitted by ``python -m evaluation safety``. What it finds alone is told more softly,
and a person looks in. It silences a pattern of language/safety.py only where it holds danger for next to impossible
(“I'm starving, when does the cafeteria open”), and never one of self-harm or of a threat.

The whole message counts, and as much the sentence that tells most of danger: a word of it is lost in a long question about school,
and a sentence alone may be about anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from language.safety import Finding
from language.safety_lists import ORDER, Category, Urgency
from language.text_reader import TextReader

SAFE, TINY = "safe", 1e-12
LABELS = (SAFE, *ORDER)
UNLIKELY: dict[Urgency, float] = {"now": 0.01, "soon": 0.03}
"""Probabilities of danger below which a pattern's word alone alarms nobody."""
FAINT, CERTAIN = 0.15, 0.4
"""From the first somebody is asked whether they are safe, unless it was clearly a question; from the second in any case."""
ALONE = 0.95
"""A sentence by itself is never surer than this."""
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

    def read(self, text: str, vectors: Mapping[str, np.ndarray], named: Finding | None = None) -> Finding | None:
        """`vectors`: the encoder's, of the text and of the sentences it is read as. `named`: what the patterns found in it."""
        read = {one: self.network.read(one, vector) for one, vector in vectors.items()}
        whole, most = read[text], min(read.values(), key=lambda chances: float(chances[0]))
        danger = half_way(1 - float(whole[0]), min(1 - float(most[0]), ALONE))
        if named is not None:
            return named if danger >= UNLIKELY[named.urgency] or named.category in NEVER_SILENCED else None
        if danger < FAINT:
            return None
        category = ORDER[int(np.argmax(most[1:]))]
        return Finding(category, "soon", f"second reading, {danger:.2f}", unsure=True, faint=danger < CERTAIN)


def half_way(a: float, b: float) -> float:
    """Between two probabilities, half-way by their odds."""
    odds = np.sqrt(a * b / max((1 - a) * (1 - b), TINY))
    return float(odds / (1 + odds))
