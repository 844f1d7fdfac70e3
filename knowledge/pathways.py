"""Structured questions about pathways: what fits a wish, two jobs side by side, what pays without a bachelor's. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from knowledge.pathways_fit import Found, Reason, judge
from knowledge.pathways_schema import Cluster, Occupation, Program
from knowledge.pathways_wishes import Wish
from knowledge.snapshot import Snapshot

__all__ = ["Comparison", "Found", "Reason", "Side", "Wish", "compare", "find", "without_bachelor"]

US_WAGES = ("US", 2024)


def find(snapshot: Snapshot, wish: Wish, limit: int = 5) -> list[Found]:
    """The programs that fit best, best first. Near means the same county, then counties in reach, then the whole state."""
    found = [f for p in snapshot.all(Program).values() if (f := judge(snapshot, p, wish))]
    found.sort(key=lambda f: (-f.points, f.away, f.program.id))
    return _mixed(found, wish)[:limit]


def _mixed(found: list[Found], wish: Wish) -> list[Found]:
    """Not all from one school, and, when no field is wished for, not all of one field: repeats lose points."""
    schools: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    open_field = not wish.clusters and not wish.occupation
    standing: dict[str, float] = {}
    for f in found:
        repeats = max(0, schools[f.program.provider] - 1) * 1.0
        repeats += min(1.5, max(0, fields[f.program.cluster] - 1) * 0.5) if open_field else 0.0
        standing[f.program.id] = f.points - repeats
        schools[f.program.provider] += 1
        fields[f.program.cluster] += 1
    return sorted(found, key=lambda f: -standing[f.program.id])


@dataclass(frozen=True)
class Side:
    """One job of a comparison. `wage`: dollars a year with its `region` and `year`. `programs`: how many lead there."""

    occupation: Occupation
    wage: int
    region: str
    year: int
    programs: int


@dataclass(frozen=True)
class Comparison:
    """`comparable`: both wages are of the same place and year."""

    a: Side
    b: Side

    @property
    def comparable(self) -> bool:
        return (self.a.region, self.a.year) == (self.b.region, self.b.year)

    @property
    def better_paid(self) -> Occupation | None:
        """The side with the higher median, if the two may be compared and differ by more than one in a hundred."""
        if not self.comparable or abs(self.a.wage - self.b.wage) * 100 <= max(self.a.wage, self.b.wage):
            return None
        return (self.a if self.a.wage > self.b.wage else self.b).occupation


def compare(snapshot: Snapshot, a: str, b: str) -> Comparison:
    """Two occupations by id. Both in US figures if both have them, else both in Washington's, else each in its own."""
    one, two = (snapshot.all(Occupation)[x] for x in (a, b))
    both_us = all((o.wage_region, o.wage_year) == US_WAGES for o in (one, two))
    in_wa = not both_us and one.wa_wage_usd is not None and two.wa_wage_usd is not None

    def side(o: Occupation) -> Side:
        count = sum(o.id in p.occupations for p in snapshot.all(Program).values())
        return Side(o, o.wa_wage_usd or o.wage_usd, "WA", 2022, count) if in_wa else Side(o, o.wage_usd, o.wage_region, o.wage_year, count)

    return Comparison(side(one), side(two))


def without_bachelor(snapshot: Snapshot, clusters: tuple[Cluster, ...] = (), limit: int = 8) -> list[Occupation]:
    """Occupations that usually begin without a bachelor's degree, best median pay first; all in US figures, so that they compare."""
    fit = [
        o
        for o in snapshot.all(Occupation).values()
        if not o.needs_bachelor and (o.wage_region, o.wage_year) == US_WAGES and (not clusters or o.cluster in clusters)
    ]
    return sorted(fit, key=lambda o: (-o.wage_usd, o.id))[:limit]
