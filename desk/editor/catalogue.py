"""Every document of every kind as a line in a list, to be found by what it says, where it belongs and how it stands."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from pydantic import BaseModel

from desk.editor.checks import expiry, faulty
from desk.editor.forms import Flat, flat_of
from desk.editor.naming import title_of
from knowledge.kinds import KINDS
from knowledge.references import users_by_place
from knowledge.schema import Document, Fact
from knowledge.snapshot import Snapshot
from knowledge.store import Stored, body_of
from language.normalise import fold

State = Literal["published", "draft", "in_review", "unpublished", "has_faults", "expiring"]
Spanish = Literal["missing", "older", "missing_or_older"]
STATES: tuple[State, ...] = get_args(State)
SPANISH: tuple[Spanish, ...] = get_args(Spanish)
SOON = dt.timedelta(days=60)


@dataclass(frozen=True)
class Item:
    """`words`: all its words, folded, for finding. `expires`: the first day after which something in it is out of date."""

    kind: str
    key: str
    title: str
    title_es: str
    topic: str
    facet: str
    owner: str
    states: frozenset[State]
    spanish: Literal["", "missing", "older"]
    expires: dt.date | None
    words: str


class Query(BaseModel):
    """What is looked for; empty means anything."""

    q: str = ""
    kind: str = ""
    topic: str = ""
    facet: str = ""
    owner: str = ""
    language: Spanish | Literal[""] = ""
    state: State | Literal[""] = ""

    @property
    def empty(self) -> bool:
        return not any(self.model_dump().values())


class Catalogue:
    """`snapshot` and `unfinished` tell what is published and what is being written now."""

    def __init__(self, snapshot: Callable[[], Snapshot], unfinished: Callable[[], list[Stored]], today: Callable[[], dt.date]) -> None:
        self._snapshot, self._unfinished, self._today = snapshot, unfinished, today
        self._published: tuple[tuple[str, dt.date], dict[tuple[str, str], Item]] | None = None
        self._faulty: tuple[tuple[str, dt.date], frozenset[tuple[str, str]]] | None = None

    def find(self, query: Query) -> list[Item]:
        """What fits all of the query: drafts waiting for review first, then by kind and topic."""
        items = [item for item in self.all() if _fits(item, query)]
        if query.state == "has_faults":
            bad = self._with_faults()
            items = [item for item in items if (item.kind, item.key) in bad]
        kinds = list(KINDS)
        return sorted(items, key=lambda i: ("in_review" not in i.states, i.kind != "entry", kinds.index(i.kind), i.topic, i.title.lower()))

    def all(self) -> Iterable[Item]:
        items = dict(self._items())
        for stored in self._unfinished():
            place = (stored.kind, stored.key)
            if stored.draft is None:
                items.pop(place, None)
            elif stored.kind in KINDS:
                items[place] = _drafted(stored, items.get(place))
        return items.values()

    def waiting(self) -> int:
        """How many drafts wait for a second person."""
        return sum(stored.submitted_by is not None for stored in self._unfinished())

    def owners(self) -> list[str]:
        return [owner for owner, _ in Counter(i.owner for i in self._items().values() if i.owner).most_common()]

    def _items(self) -> dict[tuple[str, str], Item]:
        snapshot, today = self._snapshot(), self._today()
        if self._published is None or self._published[0] != (snapshot.version, today):
            documents = (d for kind in snapshot.documents.values() for d in kind.values())
            users = users_by_place(snapshot)
            self._published = (
                (snapshot.version, today),
                {(d.kind, d.key): _item(d, snapshot, today, users.get((d.kind, d.key), [])) for d in documents},
            )
        return self._published[1]

    def _with_faults(self) -> frozenset[tuple[str, str]]:
        snapshot, today = self._snapshot(), self._today()
        if self._faulty is None or self._faulty[0] != (snapshot.version, today):
            self._faulty = (snapshot.version, today), faulty(snapshot, today)
        return self._faulty[1]


def _fits(item: Item, query: Query) -> bool:
    exact = ((query.kind, item.kind), (query.topic, item.topic), (query.facet, item.facet), (query.owner, item.owner))
    if any(wanted and wanted != has for wanted, has in exact):
        return False
    if query.language and not (item.spanish and query.language in (item.spanish, "missing_or_older")):
        return False
    if query.state and query.state != "has_faults" and query.state not in item.states:
        return False
    return all(word in item.words for word in fold(query.q).split())


def _item(document: Document, snapshot: Snapshot, today: dt.date, users: Iterable[Document]) -> Item:
    """A fact is also found by the names and titles of what uses it: who looks for “fafsa deadline” finds its day."""
    ends = expiry(document, snapshot)
    states: set[State] = {"published"}
    if ends and ends <= today + SOON:
        states.add("expiring")
    item = _line(document.kind, document.key, body_of(document), states, ends)
    if not isinstance(document, Fact):
        return item
    return replace(item, words=fold(" ".join([item.words, *(f"{user.key} {title_of(body_of(user))}" for user in users)])))


def _drafted(stored: Stored, published: Item | None) -> Item:
    writing: State = "in_review" if stored.submitted_by else "draft"
    states: set[State] = {writing, *(published.states if published else ())}
    if stored.body is None and stored.revision and published is None:
        states.add("unpublished")
    return _line(stored.kind, stored.key, stored.draft or {}, states, published.expires if published else None)


def _line(kind: str, key: str, body: dict[str, Any], states: set[State], ends: dt.date | None) -> Item:
    flat = flat_of(KINDS[kind], body)
    topic = key if kind == "topic" else flat.get("topic", "")
    words = fold(" ".join((key, *flat.values())))
    return Item(
        kind, key, title_of(body) or key, title_of(body, "es"), topic, flat.get("facet", ""), flat.get("owner", ""),
        frozenset(states), _spanish(flat), ends, words,
    )  # fmt: skip


def _spanish(flat: Flat) -> Literal["", "missing", "older"]:
    """Is Spanish missing beside any English, or was it written before the English?"""
    for name, text in flat.items():
        if text and name.endswith((".en", "_en")) and not flat.get(f"{name[:-2]}es") and not name.startswith(("names.", "unless.", "aliases")):
            return "missing"
    return "older" if flat.get("written.en", "") > flat.get("written.es", "") else ""
