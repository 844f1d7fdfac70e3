"""An index with a few targets changed, made from the one there is in a fraction of a second instead of from nothing.

Exact but for the word weights (idf), which stay those of the index begun from: scores differ from a full build in the third decimal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from knowledge.index import Index, Target, Vectors, local_topics, project, targets_of
from knowledge.lexical import Lexicon
from knowledge.snapshot import Snapshot
from language.gazetteer import Gazetteer, Term
from language.letters import BUCKETS, features
from language.normalise import words
from language.spelling import Speller


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


def changed(index: Index, snapshot: Snapshot, vectors: Vectors, terms: tuple[Term, ...]) -> Index:
    """The index of `snapshot`, which differs from this one's in few targets."""
    changes = changes_of(index, snapshot)
    new = [changes.rows[n] for n in changes.come]
    spelt = [features(line) for line in new]
    lexicon = _lexicon(index.lexicon, changes, [index.lexicon.weigh(f) for f in spelt], [f.buckets for f in spelt])
    counts = _counts(index, changes, terms)
    speller = Speller(counts, index.speller.known)
    return replace(
        index, version=snapshot.version, targets=changes.targets, rows=changes.rows, starts=changes.starts,
        meanings=index.meanings.with_rows(changes.source, project(new, spelt, vectors, lexicon, index.projection)), lexicon=lexicon,
        gazetteer=index.gazetteer if terms == index.terms else Gazetteer(terms, speller), speller=speller, word_counts=counts, terms=terms,
        local_topics=local_topics(snapshot),
    )  # fmt: skip


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


def _counts(index: Index, changes: Changes, terms: Iterable[Term]) -> dict[str, int]:
    counts = Counter(index.word_counts)
    counts.subtract(w for n in changes.gone for w in words(index.rows[n]))
    counts.update(w for n in changes.come for w in words(changes.rows[n]))
    old, new = Counter(index.terms), Counter(terms)
    counts.subtract(w for term in (old - new).elements() for w in words(term.form) * 3)
    counts.update(w for term in (new - old).elements() for w in words(term.form) * 3)
    return {word: count for word, count in counts.items() if count > 0}
