"""Which document names which: by a key marked with `Refers`, or by a fact in braces in a text. Pure."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

from knowledge.rendering import fact_names
from knowledge.schema import LANGUAGES, Document, Refers, Text
from knowledge.snapshot import Snapshot

Place = tuple[str, str]


def referred_kind(annotation: Any) -> str | None:
    """The kind of document a type's keys name, however deep the mark sits (optional, one of several)."""
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, Refers):
            return mark.kind
    return next((kind for part in typing.get_args(annotation) if (kind := referred_kind(part))), None)


@cache
def hints(model: type[BaseModel]) -> dict[str, Any]:
    """The types of a model's fields with their marks."""
    found = typing.get_type_hints(model, include_extras=True)
    return {name: found[name] for name in model.model_fields}


def named_by(document: BaseModel) -> Iterator[Place]:
    """Every (kind, key) this document names."""
    for name, annotation in hints(type(document)).items():
        yield from _named(getattr(document, name), referred_kind(annotation))


def _named(value: Any, kind: str | None) -> Iterator[Place]:
    if isinstance(value, Text):
        yield from (("fact", name) for language in LANGUAGES for name in fact_names(value.in_language(language)))
    elif isinstance(value, BaseModel):
        yield from named_by(value)
    elif isinstance(value, tuple):
        for each in value:
            yield from _named(each, kind)
    elif isinstance(value, str) and kind:
        yield kind, value


def keys_of(document: BaseModel) -> Iterator[tuple[str, str, str]]:
    """(field, kind, key) of every document that a field of this one names by its key; keys inside parts are left out."""
    for name, annotation in hints(type(document)).items():
        if kind := referred_kind(annotation):
            value = getattr(document, name)
            yield from ((name, kind, key) for key in ((value,) if isinstance(value, str) else value or ()))


def users_of(snapshot: Snapshot, kind: str, key: str) -> list[Document]:
    """The published documents that name this one, itself aside."""
    everybody = (document for documents in snapshot.documents.values() for document in documents.values())
    return [d for d in everybody if (d.kind, d.key) != (kind, key) and (kind, key) in set(named_by(d))]


def users_by_place(snapshot: Snapshot) -> dict[Place, list[Document]]:
    """As `users_of`, for everything at once."""
    found: dict[Place, list[Document]] = {}
    for documents in snapshot.documents.values():
        for document in documents.values():
            for place in dict.fromkeys(named_by(document)):
                if place != (document.kind, document.key):
                    found.setdefault(place, []).append(document)
    return found
