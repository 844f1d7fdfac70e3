"""An index with a few targets changed, made from the one there is in a fraction of a second instead of from nothing.

Exact for meaning (each phrasing's vector is its own) and for the linear readers (the ridge solution is updated by the rows
that went and came, Sherman–Morrison–Woodbury), as far as 8 bits go, except that word weights (idf) stay those of the index
begun from. So scores differ from a full build in the third decimal.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge.eight_bits import EightBits
from knowledge.index import RIDGE, SKETCH_WEIGHT, Index, Target, Vectors, join, targets_of
from knowledge.lexical import BUCKETS, SKETCH, Lexicon, features, places_of
from knowledge.linear import LinearReader
from knowledge.snapshot import Snapshot
from language.encoder import PARTS, whole_words
from language.gazetteer import Gazetteer, Term
from language.normalise import words
from language.spelling import Speller

CHUNK = 2048  # rows taken at once, so that the work needs tens of megabytes and not hundreds of them


@dataclass(frozen=True)
class Changes:
    """`source`: for each new row its number in the old index, or -1; `lines`: the texts of those with -1, in order."""

    targets: tuple[Target, ...]
    rows: tuple[str, ...]
    starts: np.ndarray
    source: np.ndarray
    gone: np.ndarray

    @property
    def come(self) -> np.ndarray:
        return np.flatnonzero(self.source < 0)


class DraftIndexer:
    """Makes changed indexes of one index. The first takes a second or two, each after that a tenth."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._inverse: np.ndarray | None = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """The part that takes a second or two, done once."""
        self._inverted()

    def changed(self, snapshot: Snapshot, vectors: Vectors, terms: tuple[Term, ...]) -> Index:
        """The index of `snapshot`, which differs from this one's in few targets."""
        index, changes = self.index, changes_of(self.index, snapshot)
        new = [changes.rows[n] for n in changes.come]
        spelt = [features(line) for line in new]
        made = vectors(new).astype(np.float32) if new else np.zeros((0, PARTS[-1].stop), np.float32)
        lexicon = _lexicon(index.lexicon, changes, [index.lexicon.weigh(f) for f in spelt], [f.buckets for f in spelt])
        counts = _counts(index, changes, terms)
        speller = Speller(counts, whole_words())
        return replace(
            index, version=snapshot.version, targets=changes.targets, rows=changes.rows, starts=changes.starts,
            dense=index.dense.with_rows(changes.source, made), lexicon=lexicon, readers=self._readers(changes, made),
            gazetteer=index.gazetteer if terms == index.terms else Gazetteer(terms, speller), speller=speller, word_counts=counts, terms=terms,
            local_topics=frozenset(t.id for t in snapshot.topics.values() if t.place == "here"),
        )  # fmt: skip

    def _readers(self, changes: Changes, made: np.ndarray) -> tuple[LinearReader, LinearReader, LinearReader]:
        index = self.index
        old, new = _owner_of(index.targets, index.starts, len(index.rows)), _owner_of(changes.targets, changes.starts, len(changes.rows))
        lines = [index.rows[n] for n in changes.gone] + [changes.rows[n] for n in changes.come]
        owners = [old[n] for n in changes.gone] + [new[n] for n in changes.come]
        signs = np.array([-1.0] * len(changes.gone) + [1.0] * len(changes.come))
        dense = np.vstack([index.dense.plain(changes.gone), made])
        moved = _with_one(join(dense, index.lexicon, [features(line) for line in lines])).astype(np.float64)
        by_target, by_topic, by_facet = index.readers
        update = self._update(moved, signs)
        return (
            update(by_target, [t.id for t in owners], {t.id for t in changes.targets}),
            update(by_topic, [t.topic for t in owners], {t.topic for t in changes.targets}),
            update(by_facet, [t.facet for t in owners], {t.facet for t in changes.targets}),
        )

    def _update(self, moved: np.ndarray, signs: np.ndarray) -> Callable[[LinearReader, Sequence[str], set[str]], LinearReader]:
        """`moved`: (k, width + 1), the rows that went (sign -1) and came (+1)."""
        inverse = self._inverted()
        pull = inverse @ moved.T  # (width + 1, k)
        inner = moved @ pull
        middle = np.diag(signs) + inner  # the signs are their own inverses

        def update(reader: LinearReader, labels: Sequence[str], wanted: set[str]) -> LinearReader:
            names = sorted(wanted)
            weights = _columns(reader, names)
            place = {name: n for n, name in enumerate(names)}
            hot = np.zeros((len(labels), len(names)))
            for row, label in enumerate(labels):
                if label in place:
                    hot[row, place[label]] = signs[row]
            shift = hot - np.linalg.solve(middle, moved @ weights + inner @ hot) if len(labels) else hot
            made = (weights + pull @ shift).T.astype(np.float32)
            return LinearReader(names, EightBits.of(made[:, :-1]), made[:, -1].copy())

        return update

    def _inverted(self) -> np.ndarray:
        """The inverse of what the readers were solved with: float64, (width + 1) squared."""
        with self._lock:
            if self._inverse is None:
                self._inverse = np.linalg.inv(self._gram().astype(np.float64))
            return self._inverse

    def _gram(self) -> np.ndarray:
        index, width = self.index, PARTS[-1].stop + SKETCH + 1
        gram = np.zeros((width, width), np.float32)
        sketch = _Sketch(index.lexicon)
        for start in range(0, len(index.rows), CHUNK):
            dense = index.dense.plain(slice(start, start + CHUNK))
            part = _with_one(np.hstack([dense, SKETCH_WEIGHT * sketch.rows(start, start + len(dense))]))
            gram += part.T @ part
        gram[np.diag_indices_from(gram)] += RIDGE
        return gram


def changes_of(index: Index, snapshot: Snapshot) -> Changes:
    """Which rows stay: those of targets with the same lines. A changed target's rows all come anew."""
    ends = [*index.starts[1:], len(index.rows)]
    known = {target: (int(start), int(end)) for target, start, end in zip(index.targets, index.starts, ends)}
    targets, rows, source, starts = [], list[str](), list[int](), list[int]()
    for target, lines in targets_of(snapshot):
        first, last = known.get(target, (0, 0))
        stays = list(index.rows[first:last]) == lines
        targets.append(target)
        starts.append(len(rows))
        rows += lines
        source += range(first, last) if stays else [-1] * len(lines)
    gone = np.setdiff1d(np.arange(len(index.rows)), source)
    return Changes(tuple(targets), tuple(rows), np.array(starts, np.int64), np.array(source, np.int64), gone)


def _lexicon(old: Lexicon, changes: Changes, weights: list[np.ndarray], buckets: list[np.ndarray]) -> Lexicon:
    """The postings without the rows that went, with those that came, under the same word weights."""
    number = np.full(max(old.size, 1), -1, np.int64)
    stays = changes.source >= 0
    number[changes.source[stays]] = np.flatnonzero(stays)
    owners = number[old.owners]
    kept = owners >= 0
    of_bucket = np.repeat(np.arange(BUCKETS, dtype=np.int64), np.diff(old.starts))[kept]
    more = np.concatenate([np.zeros(0, np.int64), *buckets])
    all_buckets = np.concatenate([of_bucket, more])
    all_owners = np.concatenate([owners[kept], np.repeat(changes.come, [len(b) for b in buckets])]).astype(np.int32)
    all_values = np.concatenate([np.asarray(old.values)[kept], *weights]).astype(np.float32)
    order = np.argsort(all_buckets, kind="stable")
    starts = np.zeros(BUCKETS + 1, np.int64)
    np.cumsum(np.bincount(all_buckets, minlength=BUCKETS), out=starts[1:])
    return Lexicon(len(changes.rows), old.idf, all_owners[order], all_values[order], starts)


class _Sketch:
    """The sketches of an index's rows, out of its postings."""

    def __init__(self, lexicon: Lexicon) -> None:
        buckets = np.repeat(np.arange(BUCKETS, dtype=np.int64), np.diff(lexicon.starts))
        order = np.argsort(lexicon.owners, kind="stable")
        self._owners = np.asarray(lexicon.owners)[order].astype(np.int64)
        columns, signs = places_of(buckets[order])
        self._columns, self._values = columns, signs * np.asarray(lexicon.values)[order]

    def rows(self, start: int, end: int) -> np.ndarray:
        first, last = np.searchsorted(self._owners, [start, end])
        flat = (self._owners[first:last] - start) * SKETCH + self._columns[first:last]
        return np.bincount(flat, self._values[first:last], (end - start) * SKETCH).reshape(end - start, SKETCH).astype(np.float32)


def _owner_of(targets: Sequence[Target], starts: np.ndarray, size: int) -> list[Target]:
    lengths = np.diff(np.append(starts, size))
    return [target for target, length in zip(targets, lengths) for _ in range(int(length))]


def _columns(reader: LinearReader, names: Sequence[str]) -> np.ndarray:
    """The reader's weights for these labels, (width + 1, labels); a label it does not know begins at nothing."""
    place = {label: n for n, label in enumerate(reader.labels)}
    known = np.vstack([reader.weights.plain().T, reader.constants])
    weights = np.zeros((len(known), len(names)))
    there = [(n, place[name]) for n, name in enumerate(names) if name in place]
    weights[:, [n for n, _ in there]] = known[:, [m for _, m in there]]
    return weights


def _counts(index: Index, changes: Changes, terms: Iterable[Term]) -> dict[str, int]:
    counts = Counter(index.word_counts)
    counts.subtract(w for n in changes.gone for w in words(index.rows[n]))
    counts.update(w for n in changes.come for w in words(changes.rows[n]))
    old, new = Counter(index.terms), Counter(terms)
    counts.subtract(w for term in (old - new).elements() for w in words(term.form) * 3)
    counts.update(w for term in (new - old).elements() for w in words(term.form) * 3)
    return {word: count for word, count in counts.items() if count > 0}


def _with_one(x: np.ndarray) -> np.ndarray:
    return np.hstack([x, np.ones((len(x), 1), x.dtype)])
