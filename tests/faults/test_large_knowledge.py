"""Ten thousand entries with a hundred thousand phrasings load and answer, and one changed entry costs no more than itself."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from benchmarks.messages import of_students
from benchmarks.synthetic import documents
from knowledge import loader
from knowledge.content_files import Content
from knowledge.editing import Editing
from knowledge.runtime import Runtime
from knowledge.schema import Entry
from language.encoder import HashingEncoder

ENTRIES, LINES_EACH = 10_000, 10
SECONDS_ALLOWED = 300
GIGABYTES_ALLOWED = 3.0


class Counting(HashingEncoder):
    """Keeps how many texts it was given. What real encoding costs is measured by ``python -m benchmarks``."""

    def __init__(self) -> None:
        self.read = 0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.read += len(texts)
        return super().encode(texts)


@pytest.mark.timeout(1800)
def test_ten_thousand_entries_load_answer_and_change_one_by_one(store: Editing) -> None:
    content = Content({(d.kind, d.key): d for d in documents(ENTRIES, LINES_EACH, of_students())}, {})
    entries = list(content.of(Entry).values())
    encoder = Counting()
    learnt_later: list[Callable[[], None]] = []
    runtime = Runtime(store, encoder, later=learnt_later.append)

    begun = time.process_time()
    loader.load(content, store)
    _, matcher = runtime.current()
    took = time.process_time() - begun
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"\n{len(entries)} entries, {len(entries) * LINES_EACH} phrasings: {took:.0f} s of processor time, {gigabytes:.1f} GB at most")
    assert took < SECONDS_ALLOWED
    assert gigabytes < GIGABYTES_ALLOWED
    assert loader.plan(content, store).empty, "a second load changes nothing"

    asked = random.Random(5).sample(entries, 20)
    found = [matcher.match(e.phrasings.en[2]).scored[0].target.id for e in asked]
    assert sum(a.id == b for a, b in zip(asked, found)) >= 18

    changed, before = asked[0], encoder.read
    stored = store.get("entry", changed.id)
    body = {**(stored.body or {}), "phrasings": {"en": ["zorble the quux please", *changed.phrasings.en], "es": list(changed.phrasings.es)}}
    store.publish(Entry.model_validate(body), stored.revision, "ed@example.org")
    _, matcher = runtime.current()
    assert encoder.read - before == 1, "only the new phrasing is encoded"
    assert matcher.match("zorble the quux please").scored[0].target.id == changed.id
    assert len(learnt_later) == 1, "the full index is learned behind it"
