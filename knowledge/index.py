"""Everything the matcher looks things up in, for one version of the knowledge. Built once a version, immutable.

Rows are phrasings; targets are what a phrasing leads to: an entry, a checklist or a refusal.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.eight_bits import EightBits
from knowledge.lexical import Lexicon
from knowledge.projection import Projection, join
from knowledge.schema import LANGUAGES, Facet
from knowledge.snapshot import Snapshot
from language import dictionary
from language.dictionary import Dictionary
from language.encoder import PARTS, Encoder
from language.gazetteer import Gazetteer, Term
from language.letters import Features, features
from language.normalise import words
from language.spelling import Speller

OUT_OF_SCOPE = "oos"
ELSEWHERE, HERE = "elsewhere", "here"
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

    `meanings`: each row, projected. `counts`: word → how often phrasings and names use it. `known`: real words.
    """

    meanings: EightBits
    lexicon: Lexicon
    counts: dict[str, int]
    known: Dictionary


@dataclass(frozen=True)
class Index:
    """`rows[i]` is a phrasing; rows of a target stand together, those of target n from `starts[n]` on."""

    version: str
    targets: tuple[Target, ...]
    rows: tuple[str, ...]
    starts: np.ndarray
    meanings: EightBits
    lexicon: Lexicon
    projection: Projection
    gazetteer: Gazetteer
    speller: Speller
    word_counts: dict[str, int]
    terms: tuple[Term, ...]
    local_topics: frozenset[str]

    @classmethod
    def build(cls, snapshot: Snapshot, vectors: Vectors, more_terms: Iterable[Term] = (), projection: Projection | None = None) -> Index:
        """From nothing. `vectors` encodes texts (and may remember them)."""
        terms, projection = (*topic_terms(snapshot), *more_terms), projection or Projection()
        return cls.of(snapshot, learn(snapshot, vectors, terms, projection), terms, projection)

    @classmethod
    def of(cls, snapshot: Snapshot, learned: Learned, terms: tuple[Term, ...], projection: Projection) -> Index:
        """From what was learned before about the same snapshot."""
        found = list(targets_of(snapshot))
        starts = np.cumsum([0, *(len(lines) for _, lines in found)])[:-1]
        speller = Speller(learned.counts, learned.known)
        return cls(
            snapshot.version, tuple(target for target, _ in found), tuple(line for _, lines in found for line in lines), starts,
            learned.meanings, learned.lexicon, projection, Gazetteer(terms, speller), speller, learned.counts, terms, local_topics(snapshot),
        )  # fmt: skip

    def means(self) -> np.ndarray:
        """Each target's middle, of length 1: float32 of shape (targets, width)."""
        sums = [np.add.reduce(self.meanings.plain(slice(a, b))) for a, b in zip(self.starts, [*self.starts[1:], len(self.rows)])]
        made = np.stack(sums) if sums else np.zeros((0, self.projection.width), np.float32)
        return np.asarray(made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9), np.float32)

    def seen(self, texts: Sequence[str], vectors: Vectors) -> EightBits:
        """What other texts mean, to be compared with `meanings`."""
        return project(texts, [features(text) for text in texts], vectors, self.lexicon, self.projection)

    def ids_of(self, rows: np.ndarray) -> set[str]:
        """The targets these row numbers belong to."""
        return {self.targets[n].id for n in np.searchsorted(self.starts, rows, side="right") - 1}


def learn(snapshot: Snapshot, vectors: Vectors, terms: Iterable[Term], projection: Projection) -> Learned:
    rows = [line for _, lines in targets_of(snapshot) for line in lines]
    counts: Counter[str] = Counter(w for row in rows for w in words(row))
    counts.update(w for t in terms for w in words(t.form) * 3)
    spelt = [features(row) for row in rows]
    lexicon = Lexicon.build(spelt)
    return Learned(project(rows, spelt, vectors, lexicon, projection), lexicon, dict(counts), dictionary.read())


def project(rows: Sequence[str], spelt: Sequence[Features], vectors: Vectors, lexicon: Lexicon, projection: Projection) -> EightBits:
    """What each row means, a few thousand at once: the memory that takes does not grow with their number. `spelt`: the rows' letters."""
    parts = [slice(start, start + LEARNT_AT_ONCE) for start in range(0, len(rows), LEARNT_AT_ONCE)]
    made = [EightBits.of(projection(join(vectors(rows[part]), lexicon, spelt[part]))) for part in parts]
    if not made:
        return EightBits.of(np.zeros((0, projection.width), np.float32))
    return EightBits(np.concatenate([part.numbers for part in made]), np.concatenate([part.steps for part in made]))


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


def local_topics(snapshot: Snapshot) -> frozenset[str]:
    """Topics that are of Washington alone."""
    return frozenset(t.id for t in snapshot.topics.values() if t.place == "here")


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

    def __len__(self) -> int:
        """How many texts it knows by now."""
        return len(self._known)

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
