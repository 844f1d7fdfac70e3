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
from language.safety_reader import LABELS, PATH, SAFE, SafetyReader, join

EXAMPLES, HELD = FOLDER / "safety_examples.csv", FOLDER / "safety.csv"
UNITS, STEPS, BATCH, RATE, PULL, EVERYDAY, SEED = 512, 800, 1024, 0.003, 0.01, 0.3, 7
LEFT_OUT, UNITS_LEFT_OUT = 0.2, 0.5
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


def fit(joined: np.ndarray, labels: Sequence[str], weight: np.ndarray) -> SafetyReader:
    """Drawn by `weight`, a batch a step; a share of what is read and of the hidden units is left out each time (dropout)."""
    drawn = np.random.default_rng(SEED)
    wanted = np.eye(len(LABELS), dtype=np.float32)[[LABELS.index(label) for label in labels]]
    reader = SafetyReader(_start(drawn, joined.shape[1], UNITS), _start(drawn, UNITS, len(LABELS)))
    moves = [(adam(part, 0.001), part) for part in (reader.hidden, reader.out)]
    order = drawn.choice(len(joined), (STEPS, BATCH), p=weight / weight.sum())
    for step, batch in enumerate(order):
        x = _thinned(drawn, joined[batch], LEFT_OUT)
        units = _thinned(drawn, reader.units(x), UNITS_LEFT_OUT)
        slope = (reader.told(units) - wanted[batch]) / BATCH
        back = (slope @ reader.out[:-1].T) * (units > 0) / (1 - UNITS_LEFT_OUT)
        for (move, part), slopes in zip(moves, (_slopes(x, back), _slopes(units, slope)), strict=True):
            part *= 1 - RATE * PULL
            move(slopes, RATE * (1 - step / STEPS))
    return reader


def _start(drawn: np.random.Generator, read: int, told: int) -> np.ndarray:
    start = np.asarray(drawn.uniform(-1, 1, (read + 1, told)) * read**-0.5, np.float32)
    start[-1] = 0
    return start


def _thinned(drawn: np.random.Generator, values: np.ndarray, share: float) -> np.ndarray:
    """A share of the values set to 0 by chance, the others made larger by as much."""
    return np.asarray(values * (drawn.random(values.shape, np.float32) >= share) / np.float32(1 - share))


def _slopes(read: np.ndarray, slope: np.ndarray) -> np.ndarray:
    return np.asarray(np.vstack([read.T @ slope, slope.sum(0)]), np.float32)


def run(encoder: Encoder, vectors: Vectors, snapshot: Snapshot, write: bool, say: Callable[[str], None] = print) -> None:
    """`vectors` remembers those of phrasings."""
    told, usual = examples(), everyday(snapshot)
    rows = told + usual
    weight = np.array([1.0] * len(told) + [EVERYDAY] * len(usual), np.float32)
    texts = [text for text, _ in rows]
    reader = fit(join(texts, vectors(texts)), [label for _, label in rows], weight)
    say(f"fitted on {len(told)} examples and {len(usual)} everyday phrasings")
    _report(reader, encoder, say)
    if write:
        keep(reader, encoder.name, PATH)


def keep(reader: SafetyReader, encoder: str, path: Path) -> None:
    np.savez(path, hidden=reader.hidden.astype(np.float16), out=reader.out.astype(np.float16), encoder=np.array(encoder))


def _report(reader: SafetyReader, encoder: Encoder, say: Callable[[str], None]) -> None:
    with HELD.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    danger = np.array([row["expected"] == "crisis" for row in rows])
    texts = [row["message"] for row in rows]
    vectors = encoder.encode(texts)
    named = [safety.detect(text) for text in texts]
    heard = [reader.read(text, vector, found) for text, vector, found in zip(texts, vectors, named)]
    told = {
        "patterns": np.array([found is not None for found in named]),
        "danger heard surely": np.array([found is not None and not found.faint for found in heard]),
        "and heard faintly": np.array([found is not None for found in heard]),
    }
    for name, found in told.items():
        say(f"{name:30} recognised {found[danger].mean():.1%} of {danger.sum()}, false alarms {found[~danger].mean():.1%} of {(~danger).sum()}")
    for row, missed in zip(rows, danger & ~told["and heard faintly"]):
        if missed:
            say(f"  missed [{row['category']}] {row['message'][:120]!r}")
