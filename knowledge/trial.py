"""Knowledge as it would be with changes that are not published: the same assistant answers from it, nobody else sees it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from knowledge.draft_index import changed
from knowledge.index import Vectors, topic_terms
from knowledge.matcher import Matcher
from knowledge.runtime import Runtime, same_questions
from knowledge.schema import Document
from knowledge.snapshot import Snapshot
from knowledge.store import body_of, digest_of
from language.encoder import RecentVectors

REMEMBERED = 4
Place = tuple[str, str]


@dataclass(frozen=True)
class Trial:
    """Stands where a Runtime stands, and never changes."""

    held: tuple[Snapshot, Matcher]
    encoder: RecentVectors
    vectors: Vectors

    @property
    def version(self) -> str:
        return self.held[0].version

    def snapshot(self) -> Snapshot:
        return self.held[0]

    def current(self) -> tuple[Snapshot, Matcher]:
        return self.held

    def vectors_of(self, text: str) -> dict[str, np.ndarray]:
        return {text: self.vectors([text])[0]}


class Trials:
    """Makes trials over what is published now. Each takes a fraction of a second."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = threading.Lock()
        self._recent: dict[tuple[str, str], Trial] = {}

    def of(self, put: Iterable[Document] = (), without: Iterable[Place] = ()) -> Trial:
        """With these documents put in place of their published texts, and without those."""
        put, without = tuple(put), tuple(without)
        snapshot, matcher = self._runtime.current()
        bodies = [[d.kind, d.key, body_of(d)] for d in put]
        name = snapshot.version, digest_of({"put": bodies, "without": [list(place) for place in without]})
        with self._lock:
            if name not in self._recent:
                after = snapshot.changed(put, without, f"{snapshot.version}+{name[1][:8]}")
                self._recent[name] = Trial((after, self._matcher(snapshot, after, matcher)), self._runtime.encoder, self._runtime.vectors)
                for old in list(self._recent)[:-REMEMBERED]:
                    del self._recent[old]
            return self._recent[name]

    def published(self) -> Trial:
        """What is published now, held still."""
        return Trial(self._runtime.current(), self._runtime.encoder, self._runtime.vectors)

    def _matcher(self, before: Snapshot, after: Snapshot, matcher: Matcher) -> Matcher:
        terms = (*topic_terms(after), *self._runtime.more_terms(after))
        if same_questions(before, after) and terms == matcher.index.terms:
            return matcher
        return Matcher(changed(matcher.index, after, self._runtime.vectors, terms), self._runtime.encoder, matcher.calibration)
