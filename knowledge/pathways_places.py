"""Places: which county a student means, and what is near it. Pure."""

from __future__ import annotations

from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.pathways_schema import County
from knowledge.snapshot import Snapshot
from language.normalise import words

NEIGHBOUR_MILES = 90
BEYOND_NEIGHBOUR_MILES = 75
ANYWHERE = frozenset({"any", "anywhere", "everywhere", "wherever", "online", "statewide", "whole state", "all of washington", "washington", "washington state", "doesnt matter",
    "any county", "donde sea", "cualquiera", "cualquier lugar", "en linea", "todo el estado", "no importa", "me da igual", "da igual", "igual"})  # fmt: skip
# Names that are everyday words or people's names: a place only with “county” beside them, or alone as an answer.
EVERYDAY = frozenset({"adams", "clark", "columbia", "concrete", "douglas", "forks", "franklin", "garfield", "grant", "granger", "graham", "island", "jefferson", "king",
    "lewis", "lincoln", "lyle", "mason", "mead", "monroe", "pacific", "pierce", "prescott", "raymond", "republic", "rochester", "stevens", "sultan", "toledo", "whitman",
    "carson", "carnation", "blaine", "shoreline", "evergreen", "college place", "union gap", "bingen", "medical lake"})  # fmt: skip


def counties(snapshot: Snapshot) -> dict[str, County]:
    return snapshot.all(County)


@lru_cache(maxsize=8)
def _names(packed: tuple[tuple[str, str, tuple[str, ...]], ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Folded place name → county id: those clear in a sentence, and those clear only alone."""
    clear: dict[str, str] = {}
    alone: dict[str, str] = {}
    for id_, name, _ in packed:
        bare = " ".join(words(name))
        clear.update({f"{bare} county": id_, f"condado de {bare}": id_, f"condado {bare}": id_, f"{bare} co": id_})
        alone[bare] = id_
        if bare not in EVERYDAY:
            clear[bare] = id_
    for id_, _, cities in packed:
        for city in cities:
            bare = " ".join(words(city.replace("-", " ")))
            (alone if bare in EVERYDAY else clear).setdefault(bare, id_)
    return clear, {**clear, **alone}


def _tables(snapshot: Snapshot) -> tuple[dict[str, str], dict[str, str]]:
    return _names(tuple((c.id, c.name, c.cities) for c in counties(snapshot).values()))


def county_of(snapshot: Snapshot, text: str, alone: bool = True) -> str | None:
    """The county a text names, by county, town or id. `alone`: the text answers “where?”, so short and misspelt names count."""
    if text in counties(snapshot):
        return text
    clear, every = _tables(snapshot)
    said = words(text.replace("-", " ").replace("_", " "))
    whole = " ".join(said)
    if alone and whole in every:
        return every[whole]
    for size in range(min(4, len(said)), 0, -1):
        for first in range(len(said) - size + 1):
            if found := clear.get(" ".join(said[first : first + size])):
                return found
    return _mended(said, clear) if alone else None


def _mended(said: list[str], clear: dict[str, str]) -> str | None:
    """A town or county a letter or two away: “yakama”, “spokan”, “wenatchie”."""
    for size in (2, 1):
        for first in range(len(said) - size + 1):
            name = " ".join(said[first : first + size])
            if len(name) >= 5:
                limit = 1 if len(name) < 8 else 2
                best = process.extractOne(name, list(clear), scorer=OSA.distance, score_cutoff=limit)
                if best:
                    return clear[best[0]]
    return None


def is_anywhere(text: str) -> bool:
    return " ".join(words(text)) in ANYWHERE


def says_anywhere(text: str) -> bool:
    """A longer message that says the place does not matter."""
    said = f" {' '.join(words(text))} "
    return any(f" {phrase} " in said for phrase in ("anywhere", "statewide", "online", "whole state", "donde sea", "en linea", "todo el estado"))


def miles(a: County, b: County) -> float:
    """Distance between the largest towns, as the crow flies."""
    north, east = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    h = sin(north / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east / 2) ** 2
    return 3959 * 2 * asin(sqrt(h))


def is_near(snapshot: Snapshot, home: str, other: str) -> bool:
    """An adjacent county within reach, or one just beyond it that is closer still. Mountains count: Tacoma is not near Yakima."""
    known = counties(snapshot)
    a, b = known[home], known[other]
    if other in a.adjacent:
        return miles(a, b) <= NEIGHBOUR_MILES
    return bool(set(a.adjacent) & set(b.adjacent)) and miles(a, b) <= BEYOND_NEIGHBOUR_MILES
