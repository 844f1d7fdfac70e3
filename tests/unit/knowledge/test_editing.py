"""knowledge.editing: drafts that need not be whole, review, taking back; each one revision, none overwriting another."""

from __future__ import annotations

import pytest

from knowledge import loader
from knowledge.content_files import Content
from knowledge.editing import Editing
from knowledge.errors import RevisionConflict, UnknownDocument
from knowledge.schema import Entry
from knowledge.snapshot import Snapshot

KEY = "trail_start.cost"
ANN, BEN = "ann@example.org", "ben@example.org"


@pytest.fixture
def loaded(tiny_content: Content, store: Editing) -> Editing:
    loader.load(tiny_content, store)
    return store


def test_a_draft_need_not_be_whole(loaded: Editing) -> None:
    kept = loaded.keep_draft("entry", KEY, {"answer": {"en": "Half"}}, 1, ANN)
    assert (kept.draft, kept.drafted_by, kept.submitted_by, kept.revision) == ({"answer": {"en": "Half"}}, ANN, None, 2)
    assert [s.key for s in loaded.unfinished()] == [KEY]


def test_a_draft_goes_to_review_and_back_and_a_change_takes_it_out_of_review(loaded: Editing) -> None:
    loaded.keep_draft("entry", KEY, {"x": 1}, 1, ANN)
    assert loaded.submit("entry", KEY, 2, ANN, "please look").submitted_by == ANN
    assert loaded.give_back("entry", KEY, 3, BEN, "shorter").submitted_by is None
    loaded.submit("entry", KEY, 4, ANN)
    changed = loaded.keep_draft("entry", KEY, {"x": 2}, 5, BEN)
    assert (changed.submitted_by, changed.drafted_by) == (None, BEN)
    assert [(r.action, r.author, r.why) for r in loaded.history("entry", KEY)][1:4] == [
        ("submit", ANN, ""),
        ("return", BEN, "shorter"),
        ("submit", ANN, "please look"),
    ]


def test_publishing_ends_the_draft_and_the_review(loaded: Editing) -> None:
    entry = Entry.model_validate(loaded.get("entry", KEY).body)
    loaded.save_draft(entry, 1, ANN)
    loaded.submit("entry", KEY, 2, ANN)
    done = loaded.publish(entry, 3, BEN)
    assert (done.draft, done.drafted_by, done.submitted_by) == (None, None, None)
    assert loaded.unfinished() == []


def test_a_discarded_draft_stays_in_the_history(loaded: Editing) -> None:
    loaded.keep_draft("entry", KEY, {"x": 1}, 1, ANN)
    gone = loaded.discard("entry", KEY, 2, ANN, "a mistake")
    assert gone.draft is None and gone.body is not None
    old = loaded.at("entry", KEY, 2)
    assert old is not None and old.body == {"x": 1}
    assert loaded.at("entry", KEY, 99) is None


def test_what_is_retired_is_not_known_any_more_and_can_come_back(loaded: Editing, tiny_content: Content) -> None:
    before, entry = loaded.version(), Entry.model_validate(loaded.get("entry", KEY).body)
    retired = loaded.retire("entry", KEY, 1, ANN, "the program ended")
    assert retired.body is None and retired.draft is not None
    assert loaded.version() != before
    assert KEY not in Snapshot.from_store(loaded).entries
    assert loader.plan(tiny_content, loaded).empty, "a load does not bring it back"
    loaded.publish(entry, 2, ANN)
    assert KEY in Snapshot.from_store(loaded).entries
    assert loaded.version() == before


def test_every_step_tells_when_somebody_was_first(loaded: Editing) -> None:
    loaded.keep_draft("entry", KEY, {"x": 1}, 1, ANN)
    for step in (loaded.submit, loaded.give_back, loaded.discard, loaded.retire):
        with pytest.raises(RevisionConflict):
            step("entry", KEY, 1, BEN)
    with pytest.raises(UnknownDocument):
        loaded.submit("entry", "no.such", 3, BEN)
