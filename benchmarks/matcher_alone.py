"""The matcher without network, Rasa or desk, in a process of its own: ``python -m benchmarks.matcher_alone``; prints JSON."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.figures import Spread
from benchmarks.messages import of_students, variant
from benchmarks.processes import ROOT, run, with_environment
from benchmarks.synthetic import enlarge
from knowledge.index import Index, RememberedVectors
from knowledge.matcher import Matcher
from knowledge.schema import Document, Entry
from knowledge.snapshot import Snapshot
from knowledge.store import Store, make_engine
from knowledge.vector_store import VectorStore
from knowledge.vocabulary import terms_of
from language import encoder
from language.encoder import Encoder


@dataclass(frozen=True)
class Matching:
    """`whole`: from text to match. `without_encoding`: the same with every vector at hand."""

    entries: int
    phrasings: int
    whole: Spread
    without_encoding: Spread


class Remembering:
    """An encoder that has read everything before: what is left is the matcher's own time."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.name = encoder, encoder.name
        self._known: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        for text in texts:
            if text not in self._known:
                self._known[text] = self._encoder.encode([text])[0]
        return np.stack([self._known[text] for text in texts])


def real_index(database: Path, entries: int, reader: Encoder, seed: int = 7) -> Index:
    """The published knowledge with so many of its entries, drawn by chance; all of them if it has fewer."""
    store = Store(make_engine(f"sqlite:///{database}"))
    snapshot = Snapshot.from_store(store)
    kept = set(random.Random(seed).sample(sorted(snapshot.entries), min(entries, len(snapshot.entries))))
    documents: list[Document] = [d for found in snapshot.documents.values() for d in found.values() if not isinstance(d, Entry) or d.id in kept]
    fewer = Snapshot.of(f"{snapshot.version}-{len(kept)}", documents)
    vectors = VectorStore(store)
    return Index.build(fewer, RememberedVectors(reader, vectors.of, vectors.keep), terms_of(fewer))


def questions(count: int) -> list[str]:
    """All different: the matcher remembers the texts it saw last."""
    said = of_students()
    return [variant(said[n % len(said)], n // len(said) * 17) for n in range(count)]


def measure(index: Index, reader: Encoder, texts: Sequence[str]) -> Matching:
    ready = Remembering(reader)
    whole = _time(Matcher(index, reader), texts)
    _time(Matcher(index, ready), texts)
    return Matching(sum(t.kind == "entry" for t in index.targets), len(index.rows), whole, _time(Matcher(index, ready), texts))


def _time(matcher: Matcher, texts: Sequence[str]) -> Spread:
    for text in of_students()[:10]:
        matcher.match(variant(text, 255))  # not measured: what is done for the very first time
    took = []
    for text in texts:
        begun = time.perf_counter()
        matcher.match(text)
        took.append((time.perf_counter() - begun) * 1000)
    return Spread.of(took)


def in_a_process(database: Path, folder: Path, entries: int, rows: int, texts: int) -> tuple[Matching, Matching]:
    """(at 400 real entries, at `entries` invented ones). One thread of arithmetic, as the product runs."""
    out = folder / "matcher.json"
    command = [sys.executable, "-m", "benchmarks.matcher_alone", str(database), str(out), str(entries), str(rows), str(texts)]
    run(with_environment({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}, command), ROOT, folder / "matcher.log", 600)
    small, large = (
        Matching(m["entries"], m["phrasings"], Spread(**m["whole"]), Spread(**m["without_encoding"])) for m in json.loads(out.read_text("utf-8"))
    )
    return small, large


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matcher_alone")
    parser.add_argument("database", type=Path)
    parser.add_argument("out", type=Path)
    for name in ("entries", "rows", "texts"):
        parser.add_argument(name, type=int)
    arguments = parser.parse_args()
    reader = encoder.load("both")
    small = real_index(arguments.database, 400, reader)
    large = enlarge(small, arguments.entries, arguments.rows)
    found = [asdict(measure(index, reader, questions(arguments.texts))) for index in (small, large)]
    arguments.out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
