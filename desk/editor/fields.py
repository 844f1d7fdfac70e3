"""What a form for a kind of document looks like, read from its schema: no kind has code of its own here. Pure."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, StringConstraints
from pydantic_core import PydanticUndefined

from desk.editor.labels import HINTS, LABELS
from knowledge.references import hints, referred_kind
from knowledge.schema import LANGUAGES, Lines, Text, Written

LONG = 300  # characters; a text that may be longer gets several rows


class Shape(StrEnum):
    """How a field is asked for."""

    LINE = "line"
    PROSE = "prose"
    LINES = "lines"  # one a line
    NUMBER = "number"
    DATE = "date"
    TICK = "tick"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"  # in both languages
    TWO_LINES = "two_lines"  # one a line, in both languages
    VALUE = "value"  # a fact's: a figure, a date, a line, or words in both languages
    MANY = "many"  # parts with fields of their own, in order
    WRITTEN = "written"  # kept by the program


BILINGUAL = frozenset({Shape.TEXT, Shape.TWO_LINES})


@dataclass(frozen=True)
class Field:
    """`refers`: the kind whose keys it holds. `inner`: the fields of each part. `language`: for one of a pair of plain fields."""

    name: str
    shape: Shape
    label: str
    hint: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    refers: str | None = None
    inner: tuple[Field, ...] = ()
    language: str | None = None

    @property
    def many_keys(self) -> bool:
        return self.shape is Shape.LINES and self.refers is not None


@cache
def fields_of(model: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of a kind (or of one part of it), in the order of its schema."""
    kind = getattr(model, "kind", model.__name__.lower())
    return tuple(_field(kind, name, model, annotation) for name, annotation in hints(model).items())


def is_dated(model: type[BaseModel]) -> bool:
    """Does it keep the day each language was written?"""
    return any(field.shape is Shape.WRITTEN for field in fields_of(model))


def rows_of(fields: tuple[Field, ...]) -> Iterator[tuple[Field, ...]]:
    """Fields as they stand on the page: a pair such as title_en, title_es side by side."""
    rest = list(fields)
    while rest:
        first = rest.pop(0)
        pair = first.language == "en" and rest and rest[0].language == "es"
        yield (first, rest.pop(0)) if pair else (first,)


def leaves_of(field: Field) -> list[str]:
    """The names of the inputs of a field that is not made of parts."""
    if field.shape in BILINGUAL:
        return [f"{field.name}.{language}" for language in LANGUAGES]
    if field.shape is Shape.VALUE:
        return [field.name, *(f"{field.name}.{language}" for language in LANGUAGES)]
    return [field.name]


def _field(kind: str, name: str, model: type[BaseModel], annotation: Any) -> Field:
    default = model.model_fields[name].default
    shape, options, inner = _shape(annotation)
    required = model.model_fields[name].is_required()
    if shape is Shape.CHOICE and not required and default not in (None, PydanticUndefined):
        required = True  # there always is a value; nothing is no choice
    stem, _, language = name.rpartition("_")
    paired = language in LANGUAGES and f"{stem}_es" in model.model_fields
    label = LABELS.get(f"{kind}.{name}") or LABELS.get(name) or (stem if paired else name).replace("_", " ").capitalize()
    if paired:
        label += {"en": ", English", "es": ", Spanish"}[language]
    hint = HINTS.get(f"{kind}.{name}") or HINTS.get(name, "")
    return Field(name, shape, label, hint, required, options, referred_kind(annotation), inner, language if paired else None)


def _shape(annotation: Any) -> tuple[Shape, tuple[str, ...], tuple[Field, ...]]:
    bare, marks = _bare(annotation)
    if typing.get_origin(bare) is Literal:
        return Shape.CHOICE, tuple(map(str, typing.get_args(bare))), ()
    if typing.get_origin(bare) is tuple:
        return _several(typing.get_args(bare)[0])
    if typing.get_origin(bare) in (typing.Union, types.UnionType):
        return Shape.VALUE, (), ()
    if issubclass(bare, Enum):
        return Shape.CHOICE, tuple(str(member.value) for member in bare), ()
    plain = {
        bool: Shape.TICK,
        int: Shape.NUMBER,
        float: Shape.NUMBER,
        dt.date: Shape.DATE,
        Text: Shape.TEXT,
        Lines: Shape.TWO_LINES,
        Written: Shape.WRITTEN,
    }
    if bare in plain:
        return plain[bare], (), ()
    longest = max((m.max_length or 0 for m in marks if isinstance(m, StringConstraints)), default=0)
    return (Shape.PROSE if longest > LONG and not any(getattr(m, "pattern", None) for m in marks) else Shape.LINE), (), ()


def _several(part: Any) -> tuple[Shape, tuple[str, ...], tuple[Field, ...]]:
    bare, _ = _bare(part)
    if typing.get_origin(bare) is Literal:
        return Shape.CHOICES, tuple(map(str, typing.get_args(bare))), ()
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return Shape.MANY, (), fields_of(bare)
    return Shape.LINES, (), ()


def _bare(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type without its marks and without “or nothing”, and the marks."""
    marks: tuple[Any, ...] = ()
    while True:
        if typing.get_origin(annotation) is typing.Annotated:
            marks += annotation.__metadata__
            annotation = annotation.__origin__
            continue
        parts = [a for a in typing.get_args(annotation) if a is not type(None)]
        if typing.get_origin(annotation) in (typing.Union, types.UnionType) and len(parts) == 1:
            annotation = parts[0]
            continue
        return annotation, marks
