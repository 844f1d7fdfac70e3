"""desk.editor.catalogue and desk.editor.checks: every document found by what it says, where it belongs and how it stands."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.editor.catalogue import Catalogue, Query
from desk.editor.checks import expiry, facts_of, faults_of, faulty
from knowledge.schema import Written
from knowledge.snapshot import Snapshot
from knowledge.store import Body, Stored, body_of

TODAY = dt.date(2026, 11, 23)
COST = "sunrise_grant.cost"


def draft(body: Body, submitted_by: str | None = None, published: Body | None = None) -> Stored:
    return Stored("entry", str(body.get("id", COST)), published, body, 2, True, "ann@example.org", submitted_by)


@pytest.fixture
def writing() -> list[Stored]:
    return []


@pytest.fixture
def catalogue(tiny_snapshot: Snapshot, writing: list[Stored]) -> Catalogue:
    return Catalogue(lambda: tiny_snapshot, lambda: writing, lambda: TODAY)


def keys(catalogue: Catalogue, **wanted: str) -> list[str]:
    return [item.key for item in catalogue.find(Query.model_validate(wanted))]


def test_all_kinds_are_there(catalogue: Catalogue, tiny_snapshot: Snapshot) -> None:
    assert len(keys(catalogue)) == sum(map(len, tiny_snapshot.documents.values()))


def test_by_words_in_any_language_without_accents(catalogue: Catalogue) -> None:
    assert COST in keys(catalogue, q="cuanto beca AMANECER")
    assert keys(catalogue, q="cuanto zzzz") == []


def test_a_fact_is_found_by_what_uses_it(catalogue: Catalogue) -> None:
    assert "sunrise_last_day" in keys(catalogue, kind="fact", q="sunrise grant deadline")
    assert "sunrise_amount" not in keys(catalogue, kind="fact", q="sunrise grant deadline")


def test_by_kind_topic_facet_and_owner(catalogue: Catalogue, tiny_snapshot: Snapshot) -> None:
    assert keys(catalogue, kind="entry", topic="sunrise_grant", facet="cost") == [COST]
    assert keys(catalogue, kind="topic", topic="sunrise_grant") == ["sunrise_grant"]
    assert len(keys(catalogue, owner="content", kind="entry")) == len(tiny_snapshot.entries)


def test_by_spanish_that_is_older_or_missing(catalogue: Catalogue, tiny_snapshot: Snapshot, writing: list[Stored]) -> None:
    body = body_of(tiny_snapshot.entries[COST])
    assert keys(catalogue, language="missing_or_older", kind="entry") == []
    writing.append(draft({**body, "written": {"en": "2026-11-20", "es": "2026-11-01"}}))
    assert keys(catalogue, language="older") == [COST]
    writing[0] = draft({**body, "answer": {"en": "Only English.", "es": ""}})
    assert keys(catalogue, language="missing") == keys(catalogue, language="missing_or_older") == [COST]


def test_by_state_and_what_waits_comes_first(catalogue: Catalogue, tiny_snapshot: Snapshot, writing: list[Stored]) -> None:
    body = body_of(tiny_snapshot.entries[COST])
    writing.append(draft(body, published=body))
    assert (keys(catalogue, state="draft"), keys(catalogue, state="in_review"), catalogue.waiting()) == ([COST], [], 0)
    writing[0] = draft(body, "ann@example.org", body)
    assert (keys(catalogue, state="draft"), keys(catalogue, state="in_review"), catalogue.waiting()) == ([], [COST], 1)
    assert keys(catalogue)[0] == COST
    writing.append(draft({"id": "brand.new", "question": {"en": "New?"}}))
    assert keys(catalogue, state="unpublished") == ["brand.new"]
    assert "brand.new" not in keys(catalogue, state="published")


def test_a_document_discarded_before_it_was_published_is_gone(catalogue: Catalogue, writing: list[Stored]) -> None:
    writing.append(Stored("entry", COST, None, None, 4, True))
    assert COST not in keys(catalogue)


def test_by_what_expires_soon(catalogue: Catalogue, tiny_snapshot: Snapshot) -> None:
    soon = keys(catalogue, state="expiring")
    wanted = {f.id for f in tiny_snapshot.facts.values() if f.valid_until and f.valid_until <= TODAY + dt.timedelta(days=60)}
    assert wanted <= set(soon)
    ends = min(f.valid_until for f in tiny_snapshot.facts.values() if f.valid_until)
    later = Catalogue(lambda: tiny_snapshot, list, lambda: ends - dt.timedelta(days=10))
    assert {"fact", "entry"} <= {i.kind for i in later.find(Query(state="expiring"))}


def test_by_faults(tiny_snapshot: Snapshot) -> None:
    bad = tiny_snapshot.entries[COST].model_copy(update={"sources": ("nowhere",)})
    documents = [bad if d.key == COST else d for kind in tiny_snapshot.documents.values() for d in kind.values()]
    broken = Snapshot.of("broken", documents)
    assert ("entry", COST) in faulty(broken, TODAY)
    assert ("entry", COST) not in faulty(tiny_snapshot, TODAY)
    assert COST in [i.key for i in Catalogue(lambda: broken, list, lambda: TODAY).find(Query(state="has_faults"))]


def test_faults_of_one_document_are_told_by_field(tiny_snapshot: Snapshot) -> None:
    entry = tiny_snapshot.entries[COST]
    assert faults_of(entry, tiny_snapshot, TODAY) == []
    late = entry.model_copy(update={"written": Written(en=dt.date(2026, 11, 20), es=dt.date(2026, 1, 1)), "see_also": ("no.entry",)})
    told = {r.field: str(r) for r in faults_of(late, tiny_snapshot, TODAY)}
    assert set(told) == {"written.es", "see_also"}
    assert told["see_also"] == "What to ask next: unknown entry 'no.entry' → name an existing entry"


def test_an_entry_expires_with_the_first_fact_it_names(tiny_snapshot: Snapshot) -> None:
    dated = next(e for e in tiny_snapshot.entries.values() if any(f.valid_until for f in facts_of(e, tiny_snapshot)))
    assert expiry(dated, tiny_snapshot) == min(f.valid_until for f in facts_of(dated, tiny_snapshot) if f.valid_until)
    fact = facts_of(dated, tiny_snapshot)[0]
    assert expiry(fact, tiny_snapshot) == fact.valid_until
