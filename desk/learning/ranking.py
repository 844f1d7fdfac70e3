"""Which group of misses comes first: students affected, and what a missing answer can cost them (harm.yml). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

from desk.learning.grouping import groups_of, middle_of, readings
from desk.learning.model import Group, Miss
from desk.learning.noticing import GRAVITY
from knowledge.checking import normal
from knowledge.snapshot import Snapshot

SAFETY_FIRST = 1e6


class Harm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    harm: str
    weight: float


class Harms(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    danger: str
    facets: dict[str, Harm]
    domains: dict[str, Harm]
    reasons: dict[str, float]


@cache
def shipped_harms() -> Harms:
    return Harms.model_validate(yaml.safe_load((Path(__file__).parent / "harm.yml").read_text(encoding="utf-8")))


def ranked_groups(misses: Sequence[Miss], snapshot: Snapshot, harms: Harms) -> list[Group]:
    """Every miss in one group, the group to look at first first. Misses without a vector stand alone with their equals.

    Near to a refusal (not ours) says nothing about what they have in common: those meet by meaning alone.
    """
    if not misses:
        return []
    width = next((len(m.vector) for m in misses if m.vector is not None), 1)
    vectors = np.stack([m.vector if m.vector is not None and len(m.vector) == width else np.zeros(width, np.float32) for m in misses])
    compared = readings(vectors, [f"none {m.id}" if not m.nearest or m.nearest.startswith("refusal:") else m.nearest for m in misses])
    rows = groups_of(compared, [normal(m.text) for m in misses])
    made = [group_of([misses[row] for row in middle_of(compared, group)], snapshot, harms) for group in rows]
    return sorted(made, key=lambda g: (-g.rank, g.id))


def group_of(misses: Sequence[Miss], snapshot: Snapshot, harms: Harms) -> Group:
    """`misses`: the most typical first; what most of them are near to says what they are about."""
    nearest = Counter(m.suggested or m.nearest for m in misses).most_common(1)[0][0]
    entry = snapshot.entries.get(nearest or "")
    found: list[Harm] = []
    if entry is not None:
        domain = snapshot.topics[entry.topic].domain if entry.topic in snapshot.topics else ""
        found = [h for h in (harms.facets.get(entry.facet.value), harms.domains.get(str(domain))) if h]
    danger = any(m.danger for m in misses)
    weight = max((h.weight for h in found), default=1.0) * max(harms.reasons.get(m.why, 1.0) for m in misses)
    words = tuple(dict.fromkeys(([harms.danger] if danger else []) + [h.harm for h in found]))
    group = Group(tuple(misses), words, 0)
    return Group(group.misses, words, round(group.students * weight + (SAFETY_FIRST if danger else 0), 2))


def gravest(misses: Sequence[Miss]) -> str:
    """The gravest reason among them."""
    return min((m.why for m in misses), key=lambda why: GRAVITY.index(why) if why in GRAVITY else len(GRAVITY))
