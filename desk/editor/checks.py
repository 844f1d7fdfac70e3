"""What is wrong with a document among all that is published, in words for whoever writes it. Pure, given the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from desk.editor.naming import label_of
from knowledge import checking
from knowledge.content_files import Content
from knowledge.references import Place, named_by
from knowledge.schema import Document, Fact
from knowledge.snapshot import Snapshot

_HERE = "desk"


@dataclass(frozen=True)
class Remark:
    """`field` is the input it is about (or its beginning), `label` what people call it."""

    field: str
    label: str
    words: str

    def __str__(self) -> str:
        return f"{self.label}: {self.words}"


def remark(kind: type[Document], field: str, words: str) -> Remark:
    return Remark(field, label_of(kind, field), words)


def faults_of(document: Document, snapshot: Snapshot, today: dt.date) -> list[Remark]:
    """The faults `python -m knowledge check` would tell about this document among all published knowledge."""
    found = checking.check(_content(snapshot, [document]), today, [document])
    start = f"{_HERE}:{document.key}:"
    return [remark(type(document), fault.where.removeprefix(start), f"{fault.what} → {fault.mend}") for fault in found]


def faults_among(documents: Collection[Document], snapshot: Snapshot, today: dt.date) -> dict[Place, list[Remark]]:
    """The faults of several documents that are to be published together, by (kind, key); those without a fault are left out."""
    together = _content(snapshot, documents)
    named = Content(together.documents, {place: f"{_HERE}/{place[0]}" for place in together.documents})
    kinds = {(d.kind, d.key): type(d) for d in documents}
    found: dict[Place, list[Remark]] = {}
    for fault in checking.check(named, today, documents):
        kind, key, field = fault.where.removeprefix(f"{_HERE}/").split(":", 2)
        found.setdefault((kind, key), []).append(remark(kinds[kind, key], field, f"{fault.what} → {fault.mend}"))
    return found


def faulty(snapshot: Snapshot, today: dt.date) -> frozenset[tuple[str, str]]:
    """Every published document that has a fault today. Takes about a second."""
    content = _content(snapshot, [])
    by_key = {f"{_HERE}:{kind}:{key}": (kind, key) for kind, key in content.documents}
    named = Content(content.documents, {place: f"{_HERE}:{place[0]}" for place in content.documents})
    return frozenset(by_key[fault.where.rsplit(":", 1)[0]] for fault in checking.check(named, today) if fault.where.rsplit(":", 1)[0] in by_key)


def expiry(document: Document, snapshot: Snapshot) -> dt.date | None:
    """The first day after which something it states is out of date: itself, if it is a fact, or a fact it names."""
    if isinstance(document, Fact):
        return document.valid_until
    return min((fact.valid_until for fact in facts_of(document, snapshot) if fact.valid_until), default=None)


def facts_of(document: Document, snapshot: Snapshot) -> list[Fact]:
    """The facts a document names, each once, in order."""
    keys = dict.fromkeys(key for kind, key in named_by(document) if kind == Fact.kind)
    return [snapshot.facts[key] for key in keys if key in snapshot.facts]


def _content(snapshot: Snapshot, instead: Collection[Document]) -> Content:
    documents = {(d.kind, d.key): d for kind in snapshot.documents.values() for d in kind.values()}
    documents.update({(d.kind, d.key): d for d in instead})
    return Content(documents, dict.fromkeys(documents, _HERE))
