"""Everything the matcher looks things up in, for one version of the knowledge. Built once a version, immutable.

Rows are phrasings; targets are what a phrasing leads to: an entry, a checklist or a refusal.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.lexical import Features, Lexicon, features
from knowledge.linear import LinearReader
from knowledge.schema import LANGUAGES, Facet
from knowledge.snapshot import Snapshot
from language.encoder import Encoder, whole_words
from language.gazetteer import Gazetteer, Term
from language.normalise import words
from language.spelling import Speller

OUT_OF_SCOPE = "oos"
SKETCH_WEIGHT = 0.7
RIDGE = 3.0

Vectors = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Target:
    """What a phrasing leads to. `kind`: entry, checklist or refusal; a refusal's topic is OUT_OF_SCOPE."""

    kind: str
    id: str
    topic: str
    facet: str


@dataclass(frozen=True)
class Index:
    """`rows[i]` is a phrasing; `row_target[i]` the number of its target; rows of a target stand together."""

    version: str
    targets: tuple[Target, ...]
    rows: tuple[str, ...]
    row_target: np.ndarray
    starts: np.ndarray
    dense: np.ndarray
    lexicon: Lexicon
    readers: tuple[LinearReader, LinearReader, LinearReader]  # by target, by topic, by facet
    gazetteer: Gazetteer
    speller: Speller
    word_counts: dict[str, int]
    terms: tuple[Term, ...]

    @classmethod
    def build(cls, snapshot: Snapshot, vectors: Vectors, more_terms: Iterable[Term] = ()) -> Index:
        """`vectors` encodes texts (and may remember them)."""
        targets: list[Target] = []
        rows: list[str] = []
        owners: list[int] = []
        for target, lines in _targets(snapshot):
            owners += [len(targets)] * len(lines)
            rows += lines
            targets.append(target)
        counts: Counter[str] = Counter(w for row in rows for w in words(row))
        terms = (*topic_terms(snapshot), *more_terms)
        counts.update(w for t in terms for w in words(t.form) * 3)
        speller = Speller(counts, whole_words())
        found = [features(row) for row in rows]
        lexicon = Lexicon(found)
        dense = vectors(rows).astype(np.float32)
        row_target = np.array(owners, np.int32)
        labels = [targets[i] for i in owners]
        x = join(dense, lexicon, found)
        readers = LinearReader.fit(x, [[t.id for t in labels], [t.topic for t in labels], [t.facet for t in labels]], RIDGE)
        starts = np.searchsorted(row_target, np.arange(len(targets)))
        return cls(
            snapshot.version, tuple(targets), tuple(rows), row_target, starts, dense, lexicon, (readers[0], readers[1], readers[2]),
            Gazetteer(terms, speller), speller, dict(counts), terms,
        )  # fmt: skip


def join(dense: np.ndarray, lexicon: Lexicon, texts: Sequence[Features]) -> np.ndarray:
    """The vector a linear reader reads: what the sentence means, and how it is spelt."""
    return np.hstack([dense, SKETCH_WEIGHT * lexicon.sketch(texts)]).astype(np.float32)


def topic_terms(snapshot: Snapshot) -> list[Term]:
    return [
        Term("topic", topic.id, alias)
        for topic in snapshot.topics.values()
        for language in LANGUAGES
        for alias in (*topic.aliases.in_language(language), topic.name.in_language(language))
    ]


def _targets(snapshot: Snapshot) -> Iterable[tuple[Target, list[str]]]:
    for entry in snapshot.entries.values():
        lines = [entry.question.en, entry.question.es, *entry.phrasings.en, *entry.phrasings.es]
        yield Target("entry", entry.id, entry.topic, entry.facet.value), lines
    for checklist in snapshot.checklists.values():
        lines = [checklist.title.en, checklist.title.es, *checklist.phrasings.en, *checklist.phrasings.es]
        yield Target("checklist", checklist.id, checklist.topic, Facet.HOW_TO_APPLY.value), lines
    for refusal in snapshot.refusals.values():
        yield Target("refusal", refusal.id, OUT_OF_SCOPE, Facet.OTHER.value), [*refusal.phrasings.en, *refusal.phrasings.es]


class RememberedVectors:
    """Encodes each text once in its life: in memory, then in the database, then by the encoder."""

    def __init__(self, encoder: Encoder, look_up: Callable[[str, Iterable[str]], dict[str, bytes]], keep: Callable[[str, dict[str, bytes]], None]) -> None:
        self._encoder, self._look_up, self._keep = encoder, look_up, keep
        self._known: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        digests = [hashlib.blake2s(t.encode(), digest_size=16).hexdigest() for t in texts]
        if missing := [d for d in digests if d not in self._known]:
            for digest, data in self._look_up(self._encoder.name, missing).items():
                self._known[digest] = np.frombuffer(data, "<f2").astype(np.float32)
        new = {d: t for d, t in zip(digests, texts) if d not in self._known}
        if new:
            # float16 is what the database keeps; using it at once makes the first build equal to every later one.
            made = self._encoder.encode(list(new.values())).astype("<f2")
            self._known.update({d: v.astype(np.float32) for d, v in zip(new, made)})
            self._keep(self._encoder.name, {d: v.tobytes() for d, v in zip(new, made)})
        return np.stack([self._known[d] for d in digests]) if digests else np.zeros((0, 384), np.float32)
