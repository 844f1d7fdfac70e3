"""Fits the reading that hears a wish for a person (knowledge/wishes.py) and tells what it hears in evaluation/sets/person.csv.

Learns from the reviewed examples, from what Rasa learns its acts by, and from every phrasing of the knowledge base: those by
which a person is asked for, and, lightly, all others.
"""

from __future__ import annotations

import csv
from collections.abc import Callable

import numpy as np

from evaluation.reader_fitting import Rows, acts, examples, learn
from evaluation.set_files import FOLDER
from knowledge.index import Vectors
from knowledge.snapshot import Snapshot
from knowledge.wishes import ASKED_NOW, ASKS_FOR_PERSON, LABELS, OTHER, PATH, PERSON
from language.encoder import Encoder
from language.text_reader import TextReader, join

EXAMPLES, HELD = FOLDER / "person_examples.csv", FOLDER / "person.csv"
UNITS, EVERYDAY = 256, 0.3


def phrasings(snapshot: Snapshot) -> tuple[Rows, Rows]:
    """Those that ask for a person, and all others."""
    asked: list[str] = []
    others: list[str] = []
    for entry in snapshot.entries.values():
        now = entry.topic == ASKS_FOR_PERSON and entry.facet in ASKED_NOW
        (asked if now else others).extend((*entry.phrasings.en, *entry.phrasings.es))
    for refusal in snapshot.refusals.values():
        others += [*refusal.phrasings.en, *refusal.phrasings.es]
    return [(line, PERSON) for line in asked], [(line, OTHER) for line in others]


def run(encoder: Encoder, vectors: Vectors, snapshot: Snapshot, write: bool, say: Callable[[str], None] = print) -> None:
    """`vectors` remembers those of phrasings."""
    asked, usual = phrasings(snapshot)
    spoken = [(line, PERSON if intent == "request_human" else OTHER) for intent, line in acts()]
    reader = learn(examples(EXAMPLES) + spoken + asked, usual, LABELS, UNITS, EVERYDAY, vectors, say)
    _report(reader, encoder, say)
    if write:
        reader.keep(PATH, encoder.name)


def _report(reader: TextReader, encoder: Encoder, say: Callable[[str], None]) -> None:
    with HELD.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    wanted = np.array([row["wanted"] == "yes" for row in rows])
    texts = [row["text"] for row in rows]
    heard = reader.chances(join(texts, encoder.encode(texts)))[:, LABELS.index(PERSON)] >= 0.5
    say(f"this reading alone: heard {heard[wanted].mean():.1%} of {wanted.sum()}, wrongly {heard[~wanted].mean():.1%} of {(~wanted).sum()}")
