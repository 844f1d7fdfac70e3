"""A knowledge base far larger than the real one: invented entries, real words.

What the matcher does with it costs what it would cost with real entries of that number; what it answers means nothing.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from knowledge.eight_bits import EightBits
from knowledge.index import Index, Target
from knowledge.lexical import Lexicon
from knowledge.schema import Document, Entry, Facet, Lines, Source, Text, Topic, Written
from language.letters import features

TOPICS = 600
DAY = dt.date(2026, 11, 28)


def phrasings(real: Sequence[str], count: int, seed: int) -> list[str]:
    """As long as real ones and of real words, as common as they really are, in a new order."""
    drawn = random.Random(seed)
    words = [word for row in real for word in row.split()]
    return [" ".join(drawn.choices(words, k=max(1, len(drawn.choice(real).split())))) for _ in range(count)]


def enlarge(real: Index, entries: int, rows: int, seed: int = 7) -> Index:
    """`real` with `entries` invented entries of `rows` phrasings in all instead of its own; its names and spelling stay.

    Vectors are drawn by chance: how long arithmetic takes does not depend on the numbers in it.
    """
    numbers = np.random.default_rng(seed)
    facets = sorted({t.facet for t in real.targets})
    topics = [f"topic_{n}" for n in range(min(TOPICS, entries))]
    targets = tuple(Target("entry", f"entry_{n:05}", topics[n % len(topics)], facets[n % len(facets)]) for n in range(entries))
    lines = tuple(phrasings(real.rows, rows, seed))
    lexicon = Lexicon.build([features(line) for line in lines])
    drawn = numbers.standard_normal((rows, real.projection.width), np.float32)
    meanings = EightBits.of(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))
    starts = np.arange(entries) * rows // entries
    version = f"synthetic-{entries}-{rows}-{seed}"
    return replace(real, version=version, targets=targets, rows=lines, starts=starts, meanings=meanings, lexicon=lexicon)


def documents(entries: int, lines_each: int, real: Sequence[str]) -> Iterator[Document]:
    """Invented entries of the words of `real`, as a content folder would hold them; every phrasing stands once."""
    yield Source(id="source", title="A page", url="https://example.org", publisher="Example", official=True, checked_on=DAY)
    for n in range(TOPICS):
        name = Text(en=f"Topic {n}", es=f"Tema {n}")
        yield Topic(id=f"topic_{n}", domain="pathways", name=name, about=name, aliases=Lines(en=(f"topic number {n}",)))
    facets, seen = list(Facet), set[str]()
    lines = iter(phrasings(real, entries * lines_each * 2, seed=3))
    for n in range(entries):
        mine: list[str] = []
        while len(mine) < lines_each:
            line = f"{next(lines)} {len(seen)}"[-290:].strip()
            mine.append(line)
            seen.add(line)
        topic, facet = f"topic_{n % TOPICS}", facets[n // TOPICS % len(facets)]
        yield Entry(
            id=f"{topic}.{facet}.entry_{n}", topic=topic, facet=facet, question=Text(en=f"Question {n}?", es=f"¿Pregunta {n}?"),
            answer=Text(en=f"Answer {n}.", es=f"Respuesta {n}."), phrasings=Lines(en=tuple(mine[:6]), es=tuple(mine[6:])),
            sources=("source",), written=Written(en=DAY, es=DAY),
        )  # fmt: skip
