"""Fits a small network that reads one text (language/text_reader.py) from labelled examples."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml

from evaluation.descent import adam
from knowledge.index import Vectors
from language.text_reader import TextReader, join

STEPS, BATCH, RATE, PULL, SEED = 1200, 1024, 0.003, 0.01, 7
LEFT_OUT, UNITS_LEFT_OUT = 0.2, 0.5
Rows = list[tuple[str, str]]  # text, label
ACTS = Path(__file__).parent.parent / "data" / "nlu"
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def examples(path: Path) -> Rows:
    """A file of texts and their labels."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [(row["text"], row["label"]) for row in csv.DictReader(lines)]


def acts() -> Iterator[tuple[str, str]]:
    """What Rasa learns by: (intent, text)."""
    for path in sorted(ACTS.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block.get("examples", "").splitlines() if "intent" in block else ():
                yield block["intent"], _ENTITY.sub(r"\1", line.removeprefix("- ").strip())


def learn(told: Rows, usual: Rows, labels: Sequence[str], units: int, everyday: float, vectors: Vectors, say: Callable[[str], None]) -> TextReader:
    """`told`: reviewed examples. `usual`: what students say every day, each drawn `everyday` times as often as one of those."""
    rows = told + usual
    weight = np.array([1.0] * len(told) + [everyday] * len(usual), np.float32)
    texts = [text for text, _ in rows]
    reader = fit(join(texts, vectors(texts)), [label for _, label in rows], labels, weight, units)
    say(f"fitted on {len(told)} examples and {len(usual)} everyday phrasings")
    return reader


def fit(joined: np.ndarray, told: Sequence[str], labels: Sequence[str], weight: np.ndarray, units: int) -> TextReader:
    """`told`: each row's label, one of `labels`. Rows are drawn by `weight`, a batch a step; a share of what is read and of the
    hidden units is left out each time (dropout)."""
    drawn = np.random.default_rng(SEED)
    wanted = np.eye(len(labels), dtype=np.float32)[[labels.index(label) for label in told]]
    reader = TextReader(tuple(labels), _start(drawn, joined.shape[1], units), _start(drawn, units, len(labels)))
    moves = [(adam(part, 0.001), part) for part in (reader.hidden, reader.out)]
    order = drawn.choice(len(joined), (STEPS, BATCH), p=weight / weight.sum())
    for step, batch in enumerate(order):
        x = _thinned(drawn, joined[batch], LEFT_OUT)
        made = _thinned(drawn, reader.units(x), UNITS_LEFT_OUT)
        slope = (reader.told(made) - wanted[batch]) / BATCH
        back = (slope @ reader.out[:-1].T) * (made > 0) / (1 - UNITS_LEFT_OUT)
        for (move, part), slopes in zip(moves, (_slopes(x, back), _slopes(made, slope)), strict=True):
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
