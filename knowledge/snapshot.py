"""All published knowledge of one version, typed, in memory, immutable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from knowledge.content_files import Content
from knowledge.kinds import KINDS
from knowledge.schema import Checklist, Document, Entry, Fact, Refusal, Source, Topic, Wording
from knowledge.store import Store, body_of, digest_of

D = TypeVar("D", bound=Document)


@dataclass(frozen=True)
class Snapshot:
    """Documents by kind and key. `version` is the digest of them all."""

    version: str
    documents: dict[str, dict[str, Document]] = field(repr=False)

    @classmethod
    def of(cls, version: str, documents: Iterable[Document]) -> Snapshot:
        by_kind: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
        for document in documents:
            by_kind[document.kind][document.key] = document
        return cls(version, by_kind)

    @classmethod
    def from_store(cls, store: Store) -> Snapshot:
        version, rows = store.published()
        return cls.of(version, (KINDS[kind].model_validate(body) for kind, _, body in rows))

    @classmethod
    def from_content(cls, content: Content) -> Snapshot:
        """For tools and tests that need no database."""
        digest: list[Any] = sorted((d.kind, d.key, digest_of(body_of(d))) for d in content.documents.values())
        return cls.of(digest_of({"all": digest})[:12], content.documents.values())

    def changed(self, put: Iterable[Document], without: Iterable[tuple[str, str]], version: str) -> Snapshot:
        """The same knowledge with some documents put in and some taken out."""
        documents = {kind: dict(those) for kind, those in self.documents.items()}
        for document in put:
            documents[document.kind][document.key] = document
        for kind, key in without:
            documents[kind].pop(key, None)
        return Snapshot(version, documents)

    def all(self, kind: type[D]) -> dict[str, D]:
        return self.documents[kind.kind]  # type: ignore[return-value]

    def filed(self, topic: str) -> str:
        """The slug by which other programs know a topic."""
        known = self.topics.get(topic)
        return (known.filed_under if known else None) or topic

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return self.all(Entry)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        return self.all(Topic)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        return self.all(Fact)

    @cached_property
    def sources(self) -> dict[str, Source]:
        return self.all(Source)

    @cached_property
    def refusals(self) -> dict[str, Refusal]:
        return self.all(Refusal)

    @cached_property
    def checklists(self) -> dict[str, Checklist]:
        return self.all(Checklist)

    @cached_property
    def wordings(self) -> dict[str, Wording]:
        return self.all(Wording)
