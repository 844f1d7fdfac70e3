"""The knowledge a process answers from: always the published version, refreshed between two questions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import numpy as np
import structlog

from knowledge import index_files
from knowledge.draft_index import changed, changes_of
from knowledge.errors import StoreUnavailable
from knowledge.index import Index, RememberedVectors, learn, topic_terms
from knowledge.matcher import Matcher
from knowledge.projection import Projection
from knowledge.snapshot import Snapshot
from knowledge.store import Store
from knowledge.vector_store import VectorStore
from language.encoder import Encoder, RecentVectors
from language.gazetteer import Term

log = structlog.get_logger("knowledge")
FEW_ROWS = 2000  # with more phrasings changed a full index is as quick


class Knowledge(Protocol):
    """What an assistant answers from: the published knowledge, or a trial of a change."""

    @property
    def version(self) -> str: ...

    @property
    def encoder(self) -> RecentVectors: ...

    def snapshot(self) -> Snapshot: ...

    def current(self) -> tuple[Snapshot, Matcher]: ...

    def vectors_of(self, text: str) -> dict[str, np.ndarray]: ...


def in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True, name="knowledge").start()


class Runtime:
    """A publish that changes a few phrasings is answered from at once, by an index made out of the one before; the full one is
    learned behind it (`later` starts such work) and takes its place.

    `more_terms` adds names beyond topics (counties, colleges …); `on_change` hears of each new index; what an index
    learned is kept in `index_folder` between starts."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        more_terms: Callable[[Snapshot], Iterable[Term]] = lambda _: (),
        on_change: Callable[[Index], None] = lambda _: None,
        index_folder: Path | None = None,
        later: Callable[[Callable[[], None]], None] = in_background,
    ) -> None:
        self._store, self.encoder, self.more_terms, self._on_change = store, RecentVectors(encoder), more_terms, on_change
        kept = VectorStore(store)
        self.vectors = RememberedVectors(encoder, kept.of, lambda name, made: self._if_there_is_room(lambda: kept.keep(name, made)))
        self._index_folder, self.later = index_folder, later
        self.projection = Projection.shipped(encoder.name)
        self._lock = threading.Lock()
        self._current: tuple[Snapshot, Matcher] | None = None
        self._read: Snapshot | None = None

    @property
    def version(self) -> str:
        return self._current[0].version if self._current else "loading"

    def snapshot(self) -> Snapshot:
        """What is published now, without waiting for a search index: enough to greet and to say the program's own words."""
        version, current = self._store.version(), self._current
        if current and current[0].version == version:
            return current[0]
        if self._read is None or self._read.version != version:
            self._read = Snapshot.from_store(self._store)
        return self._read

    def current(self) -> tuple[Snapshot, Matcher]:
        """Snapshot and matcher of the version published now. Rebuilds when it moved (one query to know).

        A new text alone costs a few milliseconds; new phrasings cost some tenths of a second, paid by the first question after.
        """
        version = self._store.version()
        current = self._current
        if current and current[0].version == version:
            return current
        with self._lock:
            if self._current is None or self._current[0].version != version:
                self._current = self._build(self.snapshot())
            return self._current

    def _build(self, snapshot: Snapshot) -> tuple[Snapshot, Matcher]:
        terms, old = (*topic_terms(snapshot), *self.more_terms(snapshot)), self._current
        if old and same_questions(old[0], snapshot) and terms == old[1].index.terms:
            return snapshot, old[1]
        index = self._kept(snapshot, terms)
        if index is None and old and len(changes_of(old[1].index, snapshot).come) <= FEW_ROWS:
            index = changed(old[1].index, snapshot, self.vectors, terms)
            self.later(lambda: self._replace(snapshot, terms))
        made = index or self._learned(snapshot, terms)
        self._if_there_is_room(lambda: self._on_change(made))
        return snapshot, Matcher(made, self.encoder)

    def _replace(self, snapshot: Snapshot, terms: tuple[Term, ...]) -> None:
        """Put the full index in the place of the quick one, unless the knowledge has moved on."""
        try:
            if self._current and self._current[0] is snapshot:
                matcher = Matcher(self._kept(snapshot, terms) or self._learned(snapshot, terms), self.encoder)
                with self._lock:
                    if self._current and self._current[0] is snapshot:
                        self._current = snapshot, matcher
        except Exception as error:  # the quick index goes on answering; the next start learns in full
            log.warning("index_not_replaced", cause=str(error)[:200])

    def _kept(self, snapshot: Snapshot, terms: tuple[Term, ...]) -> Index | None:
        """The full index, if this process or another has learned it before."""
        if self._index_folder is None:
            return None
        learned = index_files.load(self._index_folder, index_files.name_of(snapshot.version, self.encoder.name, self.projection.name, terms))
        return Index.of(snapshot, learned, terms, self.projection) if learned else None

    def _learned(self, snapshot: Snapshot, terms: tuple[Term, ...]) -> Index:
        learned = learn(snapshot, self.vectors, terms, self.projection)
        if folder := self._index_folder:
            name = index_files.name_of(snapshot.version, self.encoder.name, self.projection.name, terms)
            self._if_there_is_room(lambda: index_files.keep(folder, name, learned))
        return Index.of(snapshot, learned, terms, self.projection)

    def _if_there_is_room(self, keep: Callable[[], None]) -> None:
        """What was learned is kept for the next start and for Rasa; a full disk or a busy database takes no answer from anybody."""
        try:
            keep()
        except (OSError, StoreUnavailable) as error:
            log.warning("knowledge_not_kept", cause=str(error)[:200])

    def vectors_of(self, text: str) -> dict[str, np.ndarray]:
        """float32 of shape (896,) for the message as it stands and for each text it is read as, all made at once."""
        texts = list(dict.fromkeys([text, *self.current()[1].read(text).texts]))
        return dict(zip(texts, self.encoder.encode(texts)))


def same_questions(a: Snapshot, b: Snapshot) -> bool:
    """Do both versions lead the same phrasings to the same targets? Then the index can stay."""

    def asked(s: Snapshot) -> dict[str, object]:
        entries = {k: (e.topic, e.facet, e.question, e.phrasings) for k, e in s.entries.items()}
        others = {k: (d.phrasings) for kind in (s.checklists, s.refusals) for k, d in kind.items()}
        return {"entries": entries, "others": others, "topics": s.topics}

    return asked(a) == asked(b)
