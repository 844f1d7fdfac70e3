"""Our own written sets (evaluation/sets/): scripts of several turns, messages with several questions, mixed languages, asks
for a person and look-alikes, and the safety cases of the tests. All faults of a file are told at once.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from evaluation.questions import QuestionFileError
from knowledge.schema import Facet, Language

FOLDER = Path(__file__).parent / "sets"
SAFETY = Path(__file__).parent.parent / "tests" / "data" / "safety_cases.csv"

Words = Annotated[frozenset[str], BeforeValidator(lambda v: frozenset(v.split("|")) if isinstance(v, str) else v)]
"""Alternatives, written ``fafsa|financial_aid_general``; empty means anything."""
Kind = Literal["first", "same_topic", "same_in_other_language", "repair", "new_topic", "fact", "small_talk"]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Turn(Shape):
    """`status`: statuses that are right; without any, an answer is wanted. `new_answer`: the answer before must not come again."""

    say: str
    kind: Kind
    topic: Words = frozenset()
    facet: Words = frozenset()
    status: Words = frozenset()
    language: Language | None = None
    new_answer: bool = False


class Script(Shape):
    id: str
    language: Language
    turns: list[Turn] = Field(min_length=2)


class Several(Shape):
    """One message; `topics` in the order they should be answered, each ``topic`` or ``topic.facet``, with alternatives."""

    id: str
    language: Language
    say: str
    topics: list[Words] = Field(min_length=2)


class Spoken(Shape):
    """`before`: what was said first; `language`: the language the reply to `say` should have."""

    id: str
    say: str
    language: Language
    before: list[str] = []
    begun_in: Language = "en"


@dataclass(frozen=True)
class Case:
    """A message that is one of a kind (`wanted`) or only looks like it."""

    text: str
    language: str
    wanted: bool
    note: str = ""


Shown = TypeVar("Shown", bound=Shape)
FACETS = frozenset(f.value for f in Facet)


def scripts(path: Path = FOLDER / "context.yml") -> list[Script]:
    return _read(path, TypeAdapter(list[Script]))


def several(path: Path = FOLDER / "multi.yml") -> list[Several]:
    return _read(path, TypeAdapter(list[Several]))


def spoken(path: Path = FOLDER / "language.yml") -> list[Spoken]:
    return _read(path, TypeAdapter(list[Spoken]))


def person(path: Path = FOLDER / "person.csv") -> list[Case]:
    """Columns text, language, wanted (yes: asks for a person; no: only looks so)."""
    return [Case(row["text"], row["language"], row["wanted"] == "yes") for row in _lines(path, ("text", "language", "wanted"))]


def safety(path: Path = SAFETY) -> list[Case]:
    """Columns text, language, category; without a category it is a look-alike."""
    return [Case(row["text"], row["language"], bool(row["category"]), row["category"]) for row in _lines(path, ("text", "language", "category"))]


def _read(path: Path, kind: TypeAdapter[list[Shown]]) -> list[Shown]:
    try:
        return kind.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        faults = [f"{path}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise QuestionFileError("\n".join(faults)) from error


def _lines(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if missing := [name for name in columns if name not in (reader.fieldnames or [])]:
            raise QuestionFileError(f"{path}: the column {', '.join(missing)} is missing → the first line must name the columns")
        return list(reader)
