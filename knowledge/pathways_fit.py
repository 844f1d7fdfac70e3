"""Does a program fit a wish, how well, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.pathways_places import counties, is_near, miles
from knowledge.pathways_schema import Cluster, Program, ProgramType
from knowledge.pathways_wishes import Wish
from knowledge.snapshot import Snapshot

T = ProgramType
NEVER_SHORT = frozenset({T.REGISTERED_APPRENTICESHIP, T.YOUTH_APPRENTICESHIP, T.ASSOCIATE, T.BAS, T.BACHELOR, T.SKILL_CENTER, T.CAREER_LAUNCH})
PAYS = {"paid": 1.0, "part": 0.5, "allowance": 0.5}
COSTS_LITTLE = frozenset({"free", "employer"})


@dataclass(frozen=True)
class Reason:
    """Why a program fits (or what to mind): `code` names the wording ``pathway_why_<code>``, `about` fills it."""

    code: str
    about: str | None = None


@dataclass(frozen=True)
class Found:
    program: Program
    points: float
    away: float
    reasons: tuple[Reason, ...]


@dataclass
class _Judged:
    points: float = 0.0
    away: float = 0.0
    reasons: list[Reason] = field(default_factory=list)

    def add(self, points: float, code: str, about: str | None = None) -> None:
        self.points += points
        self.reasons.append(Reason(code, about))


def judge(snapshot: Snapshot, p: Program, wish: Wish) -> Found | None:
    """None if the program does not fit; `points` grow with how well it does."""
    made = _Judged()
    if (wish.types and p.type not in wish.types) or (wish.free and p.cost not in COSTS_LITTLE) or (wish.earn and p.pay not in PAYS):
        return None
    if not (_fits_place(snapshot, p, wish, made) and _fits_interest(p, wish, made) and _fits_length(p, wish, made)):
        return None
    if p.pay in PAYS:
        made.add(PAYS[p.pay] if wish.earn else 0.0, p.pay)
    if p.cost == "free":
        made.add(0.25 if wish.free else 0.0, "free")
    if p.high_school:
        made.add(0.0, "high_school")
    if p.confirm:
        made.add(-0.75, "confirm")
    return Found(p, made.points, made.away, tuple(made.reasons))


def _fits_place(snapshot: Snapshot, p: Program, wish: Wish, made: _Judged) -> bool:
    if wish.county is None:
        if p.area != "county":
            made.add(0.0, p.area if p.area in ("statewide", "online") else "region", p.area)
        return True
    if p.area in ("statewide", "online"):
        made.add(1.0, p.area)
        return True
    if wish.county in p.counties:
        made.add(3.0 if p.area == "county" else 2.0, "same_county" if p.area == "county" else "region", wish.county if p.area == "county" else p.area)
        return True
    known = counties(snapshot)
    reach = sorted((miles(known[wish.county], known[c]), c) for c in p.counties if is_near(snapshot, wish.county, c)) if p.area == "county" else []
    if reach:
        made.away = reach[0][0]
        made.add(2.0 if reach[0][1] in known[wish.county].adjacent else 1.5, "near_county", reach[0][1])
    return bool(reach)


def _fits_interest(p: Program, wish: Wish, made: _Judged) -> bool:
    """A skills center teaches many fields, but only districts near it: it fits where the student lives, or when asked for."""
    if not wish.clusters and not wish.occupation:
        return True
    if wish.occupation and wish.occupation in p.occupations:
        made.add(5.0 if p.occupations[0] == wish.occupation else 4.0, "job", wish.occupation)
    elif p.cluster in wish.clusters:
        made.add(1.0 if wish.occupation else 3.0, "related" if wish.occupation else "field", p.cluster.value)
    elif p.cluster is Cluster.MANY and p.type is T.SKILL_CENTER and (wish.county or p.type in wish.types):
        made.add(0.5 if wish.occupation else 2.0, "many")
    else:
        return False
    return True


def _fits_length(p: Program, wish: Wish, made: _Judged) -> bool:
    if wish.length == "any":
        return True
    if p.length == "unknown":
        if (wish.length == "short" and p.type in NEVER_SHORT) or (wish.length == "long" and p.type is not T.REGISTERED_APPRENTICESHIP):
            return False
        made.add(0.0, "length_unknown")
        return True
    if p.length not in {"short": ("short",), "medium": ("short", "medium"), "long": ("long",)}[wish.length]:
        return False
    made.add(1.5 if wish.length == "short" else 0.5, p.length)
    return True
