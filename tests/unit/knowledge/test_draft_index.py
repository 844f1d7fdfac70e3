"""knowledge.draft_index: a changed index out of the one there is, against one built from nothing."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge import draft_index
from knowledge.index import Index, topic_terms
from knowledge.matcher import Calibration, Matcher
from knowledge.schema import Entry, Topic
from knowledge.snapshot import Snapshot
from language.encoder import HashingEncoder
from language.letters import features

ENCODER = HashingEncoder()
PHRASE = "zorble the quux"


@pytest.fixture(scope="module")
def index(tiny_snapshot: Snapshot) -> Index:
    return Index.build(tiny_snapshot, ENCODER.encode)


def with_phrase(snapshot: Snapshot, key: str = "trail_start.cost") -> Entry:
    entry = snapshot.entries[key]
    return entry.model_copy(update={"phrasings": entry.phrasings.model_copy(update={"en": (*entry.phrasings.en[1:], PHRASE)})})


def new_topic(snapshot: Snapshot) -> list[Topic | Entry]:
    topic = snapshot.topics["trail_start"].model_copy(
        update={"id": "quux", "aliases": snapshot.topics["trail_start"].aliases.model_copy(update={"en": ("quux",)})}
    )
    entry = with_phrase(snapshot).model_copy(update={"id": "quux.cost", "topic": "quux"})
    return [topic, entry]


def changed(index: Index, snapshot: Snapshot) -> Index:
    return draft_index.changed(index, snapshot, ENCODER.encode, tuple(topic_terms(snapshot)))


@pytest.mark.parametrize("what", ["phrase", "topic", "gone", "nothing"])
def test_it_equals_a_full_build_under_the_same_word_weights(index: Index, tiny_snapshot: Snapshot, what: str) -> None:
    put: list[Topic | Entry] = {"phrase": [with_phrase(tiny_snapshot)], "topic": new_topic(tiny_snapshot)}.get(what, [])  # type: ignore[assignment]
    after = tiny_snapshot.changed(put, [("entry", "trail_start.what_is")] if what == "gone" else [], "after")
    quick, full = changed(index, after), Index.build(after, ENCODER.encode)
    assert (quick.targets, quick.rows, quick.version) == (full.targets, full.rows, "after")
    assert np.array_equal(quick.starts, full.starts)
    assert quick.word_counts == full.word_counts
    same = quick.seen(quick.rows, ENCODER.encode)
    assert np.abs(quick.meanings.plain() - same.plain()).max() <= 2 * same.steps.max()
    assert quick.means().shape == (len(quick.targets), quick.projection.width)


def test_letters_find_the_rows_that_stayed_and_those_that_came(index: Index, tiny_snapshot: Snapshot) -> None:
    quick = changed(index, tiny_snapshot.changed([with_phrase(tiny_snapshot)], [], "after"))
    for row in (PHRASE, "what is the sunrise grant", "how much is the sunrise grant"):
        assert quick.lexicon.similarities(features(row))[quick.rows.index(row)] == pytest.approx(1, abs=1e-5)
    gone = features("does trail start cost money")  # its row went; the question reads alike and stayed
    assert quick.rows[int(np.argmax(quick.lexicon.similarities(gone)))] == "Does Trail Start cost money?"


def test_a_new_phrasing_leads_to_its_target_and_the_index_begun_from_stays(index: Index, tiny_snapshot: Snapshot, steady_limits: Calibration) -> None:
    before = Matcher(index, ENCODER, steady_limits).match(PHRASE)
    quick = changed(index, tiny_snapshot.changed([with_phrase(tiny_snapshot)], [], "after"))
    match = Matcher(quick, ENCODER, steady_limits).match(PHRASE)
    assert (match.scored[0].target.id, match.scored[0].nearest) == ("trail_start.cost", PHRASE)
    assert Matcher(index, ENCODER, steady_limits).match(PHRASE) == before
    assert before.nearness < match.nearness


def test_a_new_topic_is_named_outright(index: Index, tiny_snapshot: Snapshot, steady_limits: Calibration) -> None:
    quick = changed(index, tiny_snapshot.changed(new_topic(tiny_snapshot), [], "after"))
    assert Matcher(quick, ENCODER, steady_limits).match("how much is quux").named == ("quux",)
