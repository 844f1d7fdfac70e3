"""Fits the second reading for danger (language/safety_reader.py) and tells what it finds that the patterns do not.

Learns from the reviewed examples and the kept cases; every phrasing of the knowledge base, every act of Rasa's and every
message about people (person_fitting.py) that no pattern alarms at counts, lightly, as safe: students write those every day. Tried on
evaluation/sets/safety.csv, which nothing is fitted on.
"""

from __future__ import annotations

import csv
from collections.abc import Callable

import numpy as np

from evaluation.person_fitting import EXAMPLES as PERSON_EXAMPLES
from evaluation.reader_fitting import Rows, acts, examples, learn
from evaluation.set_files import FOLDER, SAFETY
from knowledge.runtime import Runtime
from knowledge.snapshot import Snapshot
from language import safety
from language.safety_reader import LABELS, PATH, SAFE, SafetyReader

EXAMPLES, HELD = FOLDER / "safety_examples.csv", FOLDER / "safety.csv"
UNITS, EVERYDAY = 512, 0.6
SPOKEN_OF = frozenset({"foster_youth", "support_programs"})
"""Topics whose phrasings tell of need themselves; they teach nothing about who is safe."""


def kept_cases() -> Rows:
    with SAFETY.open(encoding="utf-8", newline="") as lines:
        return [(row["text"], row["category"] or SAFE) for row in csv.DictReader(lines)]


def everyday(snapshot: Snapshot) -> Rows:
    entries = [e for e in snapshot.entries.values() if e.topic not in SPOKEN_OF]
    lines = [line for e in entries for line in (*e.phrasings.en, *e.phrasings.es)]
    lines += [line for r in snapshot.refusals.values() for line in (*r.phrasings.en, *r.phrasings.es)]
    lines += [line for _, line in acts()] + [line for line, _ in examples(PERSON_EXAMPLES)]
    return [(line, SAFE) for line in lines if safety.detect(line) is None]


def run(runtime: Runtime, write: bool, say: Callable[[str], None] = print) -> None:
    network = learn(examples(EXAMPLES) + kept_cases(), everyday(runtime.snapshot()), LABELS, UNITS, EVERYDAY, runtime.vectors, say)
    _report(SafetyReader(network), runtime, say)
    if write:
        network.keep(PATH, runtime.encoder.name)


def _report(reader: SafetyReader, runtime: Runtime, say: Callable[[str], None]) -> None:
    """Messages are read as the desk reads them."""
    with HELD.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    danger = np.array([row["expected"] == "crisis" for row in rows])
    texts = [row["message"] for row in rows]
    named = [safety.detect(text) for text in texts]
    heard = [reader.read(text, runtime.vectors_of(text), found) for text, found in zip(texts, named)]
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
