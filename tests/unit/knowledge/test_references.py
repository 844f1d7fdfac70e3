"""knowledge.references: which document names which."""

from __future__ import annotations

import pytest

from knowledge.kinds import KINDS
from knowledge.references import named_by, referred_kind, users_of
from knowledge.schema import Entry
from knowledge.snapshot import Snapshot


def test_keys_and_facts_in_braces_are_found(tiny_snapshot: Snapshot) -> None:
    entry = tiny_snapshot.entries["sunrise_grant.cost"]
    named = set(named_by(entry))
    assert ("topic", "sunrise_grant") in named
    assert {("source", key) for key in entry.sources} <= named
    assert any(kind == "fact" for kind, _ in named)


def test_a_checklist_names_the_facts_and_links_of_its_steps(tiny_snapshot: Snapshot) -> None:
    (checklist,) = tiny_snapshot.checklists.values()
    links = {("fact", step.link) for step in checklist.steps if step.link}
    assert links <= set(named_by(checklist))


def test_who_uses_a_document(tiny_snapshot: Snapshot) -> None:
    users = users_of(tiny_snapshot, "topic", "sunrise_grant")
    assert {u.key for u in users if u.kind == "entry"} == {e.id for e in tiny_snapshot.entries.values() if e.topic == "sunrise_grant"}
    assert users_of(tiny_snapshot, "topic", "no_topic") == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_referred_to_exists(kind: str) -> None:
    from knowledge.references import hints

    assert {k for a in hints(KINDS[kind]).values() if (k := referred_kind(a))} <= set(KINDS)
    assert referred_kind(hints(Entry)["id"]) is None
