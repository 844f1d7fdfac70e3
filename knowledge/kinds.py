"""Every kind of document there is, by name."""

from __future__ import annotations

from knowledge.pathways_schema import TABLES
from knowledge.schema import Checklist, Document, Entry, Fact, Refusal, Source, Topic, Wording

KINDS: dict[str, type[Document]] = {k.kind: k for k in (Source, Fact, Topic, Entry, Checklist, Wording, Refusal, *TABLES.values())}
