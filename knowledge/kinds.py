"""Every kind of document there is, by name."""

from __future__ import annotations

from knowledge.pathways_schema import TABLES
from knowledge.schema import Checklist, Document, Entry, Fact, Refusal, Source, Topic, Wording

_ALL: tuple[type[Document], ...] = (Source, Fact, Topic, Entry, Checklist, Wording, Refusal, *TABLES.values())

KINDS: dict[str, type[Document]] = {kind.kind: kind for kind in _ALL}
