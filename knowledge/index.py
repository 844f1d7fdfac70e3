"""Everything the matcher looks things up in, for one version of the knowledge. Built once a version, immutable.

Rows are phrasings; targets are what a phrasing leads to: an entry, a checklist or a refusal.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.eight_bits import EightBits, Meanings
from knowledge.lexical import Features, Lexicon, features
from knowledge.linear import LinearReader
from knowledge.schema import LANGUAGES, Facet
from knowledge.snapshot import Snapshot
from language.encoder import PARTS, Encoder, whole_words
from language.gazetteer import Gazetteer, Term
from language.normalise import words
from language.spelling import Speller

OUT_OF_SCOPE = "oos"
ELSEWHERE, HERE = "elsewhere", "here"
SKETCH_WEIGHT = 0.7
RIDGE = 3.0
LEARNT_AT_ONCE = 4096

Vectors = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Target:
    """What a phrasing leads to. `kind`: entry, checklist or refusal; a refusal's topic is OUT_OF_SCOPE."""

    kind: str
    id: str
    topic: str
    facet: str


@dataclass(frozen=True)
class Learned:
    """All that takes seconds to work out, as plain arrays; kept in files between starts (knowledge/index_files.py).

    `dense`: what each row means, by each encoder (PARTS). `weights`, `constants`: of the readers by target, by topic and by facet, labels in sorted
    order. `counts`: word → how often phrasings and names use it.
    """

    dense: Meanings
    lexicon: Lexicon
    weights: tuple[EightBits, EightBits, EightBits]
    constants: tuple[np.ndarray, np.ndarray, np.ndarray]
    counts: dict[str, int]


@dataclass(frozen=True)
class Index:
    """`rows[i]` is a phrasing; rows of a target stand together, those of target n from `starts[n]` on."""

    version: str
    targets: tuple[Target, ...]
    rows: tuple[str, ...]
    starts: np.ndarray
    dense: Meanings
    lexicon: Lexicon
    readers: tuple[LinearReader, LinearReader, LinearReader]  # by target, by topic, by facet
    gazetteer: Gazetteer
    speller: Speller
    word_counts: dict[str, int]
    terms: tuple[Term, ...]
    local_topics: frozenset[str]

    @classmethod
    def build(cls, snapshot: Snapshot, vectors: Vectors, more_terms: Iterable[Term] = ()) -> Index:
        """From nothing. `vectors` encodes texts (and may remember them)."""
        terms = (*topic_terms(snapshot), *more_terms)
        return cls.of(snapshot, learn(snapshot, vectors, terms), terms)

    @classmethod
    def of(cls, snapshot: Snapshot, learned: Learned, terms: tuple[Term, ...]) -> Index:
        """From what was learned before about the same snapshot."""
        found = list(targets_of(snapshot))
        targets = tuple(target for target, _ in found)
        starts = np.cumsum([0, *(len(lines) for _, lines in found)])[:-1]
        labels = ({t.id for t in targets}, {t.topic for t in targets}, {t.facet for t in targets})
        by_target, by_topic, by_facet = map(LinearReader, map(sorted, labels), learned.weights, learned.constants)
        speller = Speller(learned.counts, whole_words())
        return cls(
            snapshot.version, targets, tuple(line for _, lines in found for line in lines), starts, learned.dense, learned.lexicon,
            (by_target, by_topic, by_facet), Gazetteer(terms, speller), speller, learned.counts, terms,
            frozenset(t.id for t in snapshot.topics.values() if t.place == "here"),
        )  # fmt: skip

    def ids_of(self, rows: np.ndarray) -> set[str]:
        """The targets these row numbers belong to."""
        return {self.targets[n].id for n in np.searchsorted(self.starts, rows, side="right") - 1}


def learn(snapshot: Snapshot, vectors: Vectors, terms: Iterable[Term]) -> Learned:
    found = list(targets_of(snapshot))
    rows = [line for _, lines in found for line in lines]
    labels = [target for target, lines in found for _ in lines]
    counts: Counter[str] = Counter(w for row in rows for w in words(row))
    counts.update(w for t in terms for w in words(t.form) * 3)
    spelt = [features(row) for row in rows]
    lexicon = Lexicon.build(spelt)
    dense = vectors(rows).astype(np.float32)
    wanted = [[t.id for t in labels], [t.topic for t in labels], [t.facet for t in labels]]
    parts = [slice(start, start + LEARNT_AT_ONCE) for start in range(0, len(rows), LEARNT_AT_ONCE)]
    a, b, c = LinearReader.fit((join(dense[part], lexicon, spelt[part]) for part in parts), wanted, RIDGE)
    return Learned(Meanings.of(dense), lexicon, (a.weights, b.weights, c.weights), (a.constants, b.constants, c.constants), dict(counts))


def join(dense: np.ndarray, lexicon: Lexicon, texts: Sequence[Features]) -> np.ndarray:
    """The vector a linear reader reads: what the sentence means, and how it is spelt."""
    return np.hstack([dense, SKETCH_WEIGHT * lexicon.sketch(texts)]).astype(np.float32)


def topic_terms(snapshot: Snapshot) -> list[Term]:
    """Names of topics; names that mean a refusal, and names that take that back."""
    refusals = [
        Term(label, refusal.id, form)
        for refusal in snapshot.refusals.values()
        for label, lines in ((ELSEWHERE, refusal.names), (HERE, refusal.unless))
        for form in (*lines.en, *lines.es)
    ]
    return refusals + [
        Term("topic", topic.id, alias)
        for topic in snapshot.topics.values()
        for language in LANGUAGES
        for alias in (*topic.aliases.in_language(language), topic.name.in_language(language))
    ]


def targets_of(snapshot: Snapshot) -> Iterable[tuple[Target, list[str]]]:
    """Every target with its phrasings, in the order of an index."""
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

    def __init__(
        self, encoder: Encoder, look_up: Callable[[str, Iterable[str]], dict[str, bytes]], keep: Callable[[str, dict[str, bytes]], None]
    ) -> None:
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
        return np.stack([self._known[d] for d in digests]) if digests else np.zeros((0, PARTS[-1].stop), np.float32)
