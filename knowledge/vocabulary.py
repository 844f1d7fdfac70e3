"""Names the gazetteer should know, from all kinds of knowledge; and the file through which Rasa learns them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from knowledge.index import Index
from knowledge.snapshot import Snapshot
from language import gazetteer
from language.gazetteer import Term


def terms_of(snapshot: Snapshot) -> Iterable[Term]:
    """Terms beyond topics: counties, colleges, occupations, clusters, credentials."""
    return ()


def write_gazetteer(path: Path) -> Callable[[Index], None]:
    """A listener that writes each new index's names where Rasa's extractor watches."""

    def write(index: Index) -> None:
        common = {word: count for word, count in index.word_counts.items() if count >= 3}
        gazetteer.save(index.terms, common, path)

    return write
