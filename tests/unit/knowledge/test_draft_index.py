"""knowledge.draft_index: a changed index out of the one there is, against one built from nothing."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.draft_index import DraftIndexer
from knowledge.eight_bits import EightBits
from knowledge.index import RIDGE, Index, join, targets_of, topic_terms
from knowledge.lexical import features
from knowledge.linear import LinearReader
from knowledge.matcher import Calibration, Matcher
from knowledge.schema import Entry, Topic
from knowledge.snapshot import Snapshot
from language.encoder import HashingEncoder

ENCODER = HashingEncoder()
PHRASE = "zorble the quux"


@pytest.fixture(scope="module")
def indexer(tiny_snapshot: Snapshot) -> DraftIndexer:
    return DraftIndexer(Index.build(tiny_snapshot, ENCODER.encode))


def with_phrase(snapshot: Snapshot, key: str = "trail_start.cost") -> Entry:
    entry = snapshot.entries[key]
    return entry.model_copy(update={"phrasings": entry.phrasings.model_copy(update={"en": (*entry.phrasings.en[1:], PHRASE)})})


def new_topic(snapshot: Snapshot) -> list[Topic | Entry]:
    topic = snapshot.topics["trail_start"].model_copy(
        update={"id": "quux", "aliases": snapshot.topics["trail_start"].aliases.model_copy(update={"en": ("quux",)})}
    )
    entry = with_phrase(snapshot).model_copy(update={"id": "quux.cost", "topic": "quux"})
    return [topic, entry]


def changed(indexer: DraftIndexer, snapshot: Snapshot) -> Index:
    return indexer.changed(snapshot, ENCODER.encode, tuple(topic_terms(snapshot)))


@pytest.mark.parametrize("what", ["phrase", "topic", "gone", "nothing"])
def test_it_equals_a_full_build_under_the_same_word_weights(indexer: DraftIndexer, tiny_snapshot: Snapshot, what: str) -> None:
    put: list[Topic | Entry] = {"phrase": [with_phrase(tiny_snapshot)], "topic": new_topic(tiny_snapshot)}.get(what, [])  # type: ignore[assignment]
    after = tiny_snapshot.changed(put, [("entry", "trail_start.what_is")] if what == "gone" else [], "after")
    quick, full = changed(indexer, after), Index.build(after, ENCODER.encode)
    assert (quick.targets, quick.rows, quick.version) == (full.targets, full.rows, "after")
    assert np.array_equal(quick.starts, full.starts)
    assert np.array_equal(quick.dense.plain(), full.dense.plain())
    assert quick.word_counts == full.word_counts
    spelt = [features(row) for row in quick.rows]
    owners = [target for target, lines in targets_of(after) for _ in lines]
    labels = [[t.id for t in owners], [t.topic for t in owners], [t.facet for t in owners]]
    joined = join(ENCODER.encode(list(quick.rows)), quick.lexicon, spelt)
    exact = LinearReader.fit([joined], labels, RIDGE)
    for mine, theirs in zip(quick.readers, exact):
        assert mine.labels == theirs.labels
        assert np.abs(mine.read(EightBits.of(joined)) - theirs.read(EightBits.of(joined))).max() < 0.02


def test_letters_find_the_rows_that_stayed_and_those_that_came(indexer: DraftIndexer, tiny_snapshot: Snapshot) -> None:
    quick = changed(indexer, tiny_snapshot.changed([with_phrase(tiny_snapshot)], [], "after"))
    for row in (PHRASE, "what is the sunrise grant", "how much is the sunrise grant"):
        assert quick.lexicon.similarities(features(row))[quick.rows.index(row)] == pytest.approx(1, abs=1e-5)
    gone = features("does trail start cost money")  # its row went; the question reads alike and stayed
    assert quick.rows[int(np.argmax(quick.lexicon.similarities(gone)))] == "Does Trail Start cost money?"


def test_a_new_phrasing_leads_to_its_target_and_the_index_begun_from_stays(
    indexer: DraftIndexer, tiny_snapshot: Snapshot, steady_limits: Calibration
) -> None:
    before = Matcher(indexer.index, ENCODER, steady_limits).match(PHRASE)
    quick = changed(indexer, tiny_snapshot.changed([with_phrase(tiny_snapshot)], [], "after"))
    match = Matcher(quick, ENCODER, steady_limits).match(PHRASE)
    assert (match.scored[0].target.id, match.scored[0].nearest) == ("trail_start.cost", PHRASE)
    assert Matcher(indexer.index, ENCODER, steady_limits).match(PHRASE) == before
    assert before.nearness < match.nearness


def test_a_new_topic_is_named_outright(indexer: DraftIndexer, tiny_snapshot: Snapshot, steady_limits: Calibration) -> None:
    quick = changed(indexer, tiny_snapshot.changed(new_topic(tiny_snapshot), [], "after"))
    assert Matcher(quick, ENCODER, steady_limits).match("how much is quux").named == ("quux",)
