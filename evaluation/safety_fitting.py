"""Fits the second reading for danger (language/safety_reader.py) and tells what it finds that the patterns do not.

Learns from the reviewed examples and the kept cases; every phrasing of the knowledge base that no pattern alarms at counts,
lightly, as safe: students ask those every day. Tried on evaluation/sets/safety.csv, which nothing is fitted on.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from evaluation.descent import adam
from evaluation.set_files import FOLDER, SAFETY
from knowledge.index import Vectors
from knowledge.snapshot import Snapshot
from language import safety
from language.encoder import Encoder
from language.safety_reader import CERTAIN, LABELS, PATH, SAFE, SafetyReader

EXAMPLES, HELD = FOLDER / "safety_examples.csv", FOLDER / "safety.csv"
STEPS, RATE, PULL, EVERYDAY = 500, 0.1, 1e-4, 0.1
SPOKEN_OF = frozenset({"foster_youth", "support_programs"})
"""Topics whose phrasings tell of need themselves; they teach nothing about who is safe."""
Rows = Sequence[tuple[str, str]]  # text, label


def examples() -> list[tuple[str, str]]:
    with EXAMPLES.open(encoding="utf-8", newline="") as lines:
        reviewed = [(row["text"], row["label"]) for row in csv.DictReader(lines)]
    with SAFETY.open(encoding="utf-8", newline="") as lines:
        kept = [(row["text"], row["category"] or SAFE) for row in csv.DictReader(lines)]
    return reviewed + kept


def everyday(snapshot: Snapshot) -> list[tuple[str, str]]:
    entries = [e for e in snapshot.entries.values() if e.topic not in SPOKEN_OF]
    lines = [line for e in entries for line in (*e.phrasings.en, *e.phrasings.es)]
    lines += [line for r in snapshot.refusals.values() for line in (*r.phrasings.en, *r.phrasings.es)]
    return [(line, SAFE) for line in lines if safety.detect(line) is None]


def fit(vectors: np.ndarray, labels: Sequence[str], weight: np.ndarray) -> np.ndarray:
    """Multinomial logistic regression, by gradient descent from nothing. float32 of shape (width + 1, LABELS)."""
    x = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    wanted = np.eye(len(LABELS), dtype=np.float32)[[LABELS.index(label) for label in labels]]
    weights = np.zeros((x.shape[1], len(LABELS)), np.float32)
    move, pull = adam(weights), np.full((x.shape[1], 1), PULL, np.float32)
    pull[-1] = 0
    for _ in range(STEPS):
        missing = (SafetyReader(weights).chances(vectors) - wanted) * weight[:, None]
        move(x.T @ missing / weight.sum() + pull * weights, RATE)
    return weights


def run(encoder: Encoder, vectors: Vectors, snapshot: Snapshot, write: bool, say: Callable[[str], None] = print) -> None:
    """`vectors` remembers those of phrasings."""
    told, usual = examples(), everyday(snapshot)
    rows = told + usual
    weight = np.array([1.0] * len(told) + [EVERYDAY] * len(usual), np.float32)
    reader = SafetyReader(fit(vectors([text for text, _ in rows]), [label for _, label in rows], weight))
    say(f"fitted on {len(told)} examples and {len(usual)} everyday phrasings")
    _report(reader, encoder, say)
    if write:
        keep(reader, encoder.name, PATH)


def keep(reader: SafetyReader, encoder: str, path: Path) -> None:
    np.savez_compressed(path, weights=reader.weights, encoder=np.array(encoder))


def _report(reader: SafetyReader, encoder: Encoder, say: Callable[[str], None]) -> None:
    with HELD.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    danger = np.array([row["expected"] == "crisis" for row in rows])
    named = np.array([safety.detect(row["message"]) is not None for row in rows])
    chance = 1 - reader.chances(encoder.encode([row["message"] for row in rows]))[:, 0]
    for name, found in (("patterns", named), ("patterns and second reading", named | (chance >= CERTAIN))):
        say(f"{name:30} recognised {found[danger].mean():.1%} of {danger.sum()}, false alarms {found[~danger].mean():.1%} of {(~danger).sum()}")
    for row, missed in zip(rows, danger & ~named & (chance < CERTAIN)):
        if missed:
            say(f"  missed [{row['category']}] {row['message'][:120]!r}")
