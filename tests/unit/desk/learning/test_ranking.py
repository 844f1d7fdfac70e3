"""Which missed questions are looked at first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from desk.learning.model import Miss
from desk.learning.ranking import ranked_groups, shipped_harms
from knowledge.schema import Domain, Facet
from knowledge.snapshot import Snapshot

NOON = dt.datetime(2026, 11, 23, 20, 0, tzinfo=dt.UTC)
AXES = np.eye(6, dtype=np.float32)


def miss(number: int, axis: int, student: str, nearest: str | None = None, **changes: Any) -> Miss:
    given: dict[str, Any] = {"why": "not_covered", "text": f"question {number}", "language": "en", "at": NOON, "vector": AXES[axis], **changes}
    return Miss(id=number, conversation_id=student, seq=2, nearest=nearest, **given)


def titles(misses: list[Miss], snapshot: Snapshot) -> list[list[int]]:
    return [sorted(m.id for m in g.misses) for g in ranked_groups(misses, snapshot, shipped_harms())]


def test_more_students_come_first(tiny_snapshot: Snapshot) -> None:
    alone, two = miss(1, 0, "a"), [miss(2, 1, "b"), miss(3, 1, "c")]
    assert titles([alone, *two], tiny_snapshot)[0] == [2, 3]


def test_one_student_asking_five_times_is_one_student(tiny_snapshot: Snapshot) -> None:
    often = [miss(n, 0, "a") for n in range(1, 6)]
    (group,) = ranked_groups(often, tiny_snapshot, shipped_harms())
    assert group.students == 1 and len(group.misses) == 5


def test_a_deadline_weighs_more_than_a_meaning(tiny_snapshot: Snapshot) -> None:
    meaning, deadline = miss(1, 0, "a", "sunrise_grant.what_is"), miss(2, 1, "b", "sunrise_grant.deadline")
    first = ranked_groups([meaning, deadline], tiny_snapshot, shipped_harms())[0]
    assert first.id == 2 and "Deadline" in first.harms and "Money" in first.harms


def test_danger_comes_before_everything(tiny_snapshot: Snapshot) -> None:
    many = [miss(n, 0, f"s{n}", "sunrise_grant.deadline") for n in range(1, 9)]
    groups = ranked_groups([*many, miss(20, 1, "x", danger=True)], tiny_snapshot, shipped_harms())
    assert groups[0].id == 20 and groups[0].harms[0] == "Safety"


def test_a_wrong_answer_weighs_more_than_none_and_what_is_not_ours_least(tiny_snapshot: Snapshot) -> None:
    found = [miss(1, 0, "a", why="out_of_scope"), miss(2, 1, "b"), miss(3, 2, "c", why="marked")]
    assert titles(found, tiny_snapshot) == [[3], [2], [1]]


def test_a_miss_without_a_vector_still_stands_in_the_inbox(tiny_snapshot: Snapshot) -> None:
    assert sorted(titles([miss(1, 0, "a"), miss(2, 0, "b", vector=None)], tiny_snapshot)) == [[1], [2]]


@pytest.mark.parametrize(("nearest", "groups"), [("sunrise_grant.cost", [[1, 2]]), ("refusal:travel", [[1], [2]])])
def test_two_questions_that_are_not_ours_share_a_group_only_when_they_mean_the_same(
    nearest: str, groups: list[list[int]], tiny_snapshot: Snapshot
) -> None:
    half = miss(2, 1, "b", nearest, vector=AXES[0] * 0.5 + AXES[1] * 0.75**0.5)
    assert sorted(titles([miss(1, 0, "a", nearest), half], tiny_snapshot)) == groups


def test_no_misses_no_groups(tiny_snapshot: Snapshot) -> None:
    assert ranked_groups([], tiny_snapshot, shipped_harms()) == []


@pytest.mark.parametrize(("names", "known"), [(shipped_harms().facets, set(Facet)), (shipped_harms().domains, set(Domain))])
def test_harm_is_told_only_of_facets_and_domains_that_exist(names: dict[str, Any], known: set[str]) -> None:
    assert set(names) <= {str(name) for name in known}
