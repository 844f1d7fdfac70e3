"""What a piece of knowledge is. Pure data: no files, no SQL, no clock.

Each class is one *kind* of document. Files, database rows and the editor all speak these classes, so a document that
exists has passed these rules.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from knowledge.facets import Domain as Domain
from knowledge.facets import Facet as Facet
from knowledge.keys import EntryKey, FactKey, SourceKey, TopicKey
from knowledge.keys import Key as Key
from knowledge.keys import Line as Line
from knowledge.keys import Prose as Prose
from knowledge.keys import Refers as Refers
from knowledge.keys import Slug as Slug
from knowledge.keys import Url as Url

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")


class Strict(BaseModel):
    """A misspelt field is a fault, never silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """The same words in both languages, each written by hand."""

    en: Prose
    es: Prose

    def in_language(self, language: Language) -> str:
        return self.es if language == "es" else self.en


class Lines(Strict):
    """Short lines by language (phrasings, aliases)."""

    en: tuple[Line, ...] = ()
    es: tuple[Line, ...] = ()

    def in_language(self, language: Language) -> tuple[str, ...]:
        return self.es if language == "es" else self.en


class Document(Strict):
    """Base of every kind. `kind` names the kind, `key` is its identity within the kind.

    `fixed`: fields that never change once the document exists, because others know it by them.
    """

    kind: ClassVar[str]
    fixed: ClassVar[tuple[str, ...]] = ("id",)

    @property
    def key(self) -> str:
        return str(getattr(self, "id"))  # noqa: B009  # each kind declares its own id


class Source(Document):
    """Where a statement comes from. `official`: published by the body that runs the program.

    `show` is False for a page that served research but must not be linked (mirror copies, dead addresses).
    """

    kind: ClassVar[str] = "source"
    id: Key
    title: Line
    url: Url
    publisher: Line
    official: bool = False
    show: bool = True
    checked_on: dt.date


class FactKind(StrEnum):
    AMOUNT = "amount"  # value: number of US dollars
    DATE = "date"  # value: ISO date
    NUMBER = "number"
    PERCENT = "percent"
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    TEXT = "text"  # value: words, per language where they differ


class Fact(Document):
    """One amount, date, limit, phone number, address or link, stored once and named by the answers that use it.

    After `valid_until` it is never stated again until somebody checks it. `value` is a number for amount, number and
    percent; an ISO date for date; a string otherwise, or one string per language.
    """

    kind: ClassVar[str] = "fact"
    id: Key
    type: FactKind
    value: float | int | dt.date | Text | Line
    about: Line
    as_of: Line
    valid_until: dt.date | None = None
    source: SourceKey
    checked_on: dt.date
    owner: Slug = "content"
    confidence: Literal["high", "medium"] = "high"

    @model_validator(mode="before")
    @classmethod
    def _read_value(cls, data: Any) -> Any:
        """A date fact may be written as an ISO string; a number stays a number."""
        if isinstance(data, dict) and data.get("type") == "date" and isinstance(data.get("value"), str):
            return {**data, "value": dt.date.fromisoformat(data["value"])}
        return data

    @model_validator(mode="after")
    def _value_fits_type(self) -> Fact:
        numeric = self.type in (FactKind.AMOUNT, FactKind.NUMBER, FactKind.PERCENT)
        if numeric and not isinstance(self.value, (int, float)):
            raise ValueError(f"value of a {self.type} must be a plain number, not {self.value!r}")
        if self.type is FactKind.DATE and not isinstance(self.value, dt.date):
            raise ValueError(f"value of a date must be written YYYY-MM-DD, not {self.value!r}")
        if not numeric and self.type is not FactKind.DATE and not isinstance(self.value, (str, Text)):
            raise ValueError(f"value of a {self.type} must be text, not {self.value!r}")
        if self.type is FactKind.DATE and self.valid_until is None:
            raise ValueError("a date needs valid_until: the last day on which it is useful to state it")
        return self


class Topic(Document):
    """A subject students ask about. Slugs are added, never renamed.

    `place`: ``here`` for a program that only Washington has, so that naming it means Washington; ``between`` where
    questions naturally name other states (residency, credit transfer).
    `filed_under`: the slug by which other programs know the subject, where they have no slug for this one; replies name that.
    """

    kind: ClassVar[str] = "topic"
    id: Slug
    domain: Domain
    name: Text
    about: Text
    aliases: Lines
    place: Literal["here", "between", "anywhere"] = "anywhere"
    filed_under: TopicKey | None = None

    @field_validator("aliases")
    @classmethod
    def _has_aliases(cls, aliases: Lines) -> Lines:
        if not aliases.en:
            raise ValueError("a topic needs at least one English alias: what students call it")
        return aliases


class Written(Strict):
    """When each language's text was last written."""

    en: dt.date
    es: dt.date


class Entry(Document):
    """One question about one facet of a topic, with its curated answer.

    `id` is ``topic.facet`` or ``topic.facet.variant``. `answer` may name facts as ``{fact_id}``; a passage that falls away
    when its fact expires stands in ``[[passage with {fact_id}|what to say instead]]``.
    """

    kind: ClassVar[str] = "entry"
    fixed: ClassVar[tuple[str, ...]] = ("id", "topic", "facet")
    id: Key
    topic: TopicKey
    facet: Facet
    question: Text
    answer: Text
    phrasings: Lines
    sources: tuple[SourceKey, ...] = Field(min_length=1)
    see_also: tuple[EntryKey, ...] = ()
    audience: tuple[Literal["student", "parent", "adult"], ...] = ("student", "parent", "adult")
    person_helps: bool = False
    owner: Slug = "content"
    written: Written

    @model_validator(mode="after")
    def _id_names_topic_and_facet(self) -> Entry:
        stem = f"{self.topic}.{self.facet}"
        if self.id != stem and not self.id.startswith(stem + "."):
            raise ValueError(f"id must be {stem!r} or begin with {stem + '.'!r}, not {self.id!r}")
        return self


class Step(Strict):
    """One step of a checklist."""

    id: Slug
    title: Text
    why: Text
    have_ready: Text | None = None
    link: FactKey | None = None
    when: Text | None = None


class Checklist(Document):
    """Steps in order, for one kind of student. Texts may name facts like an answer does; `link` names a link fact."""

    kind: ClassVar[str] = "checklist"
    id: Slug
    topic: TopicKey
    title: Text
    audience: Line
    phrasings: Lines
    steps: tuple[Step, ...] = Field(min_length=2)
    sources: tuple[SourceKey, ...] = Field(min_length=1)
    written: Written


class Wording(Document):
    """A sentence the program itself says (greeting, safety help, an apology), not an answer about a topic.

    `group` names where it is used: greeting, safety, privacy, handoff, small_talk, clarify, error. May name facts.
    """

    kind: ClassVar[str] = "wording"
    id: Slug
    group: Slug
    text: Text
    written: Written


class Refusal(Document):
    """A family of questions the program must not answer, with the words that say so and point somewhere better.

    `names`: names whose mention alone means this family (other states); `unless`: names that take that back.
    """

    kind: ClassVar[str] = "refusal"
    id: Slug
    about: Line
    answer: Text
    phrasings: Lines
    names: Lines = Lines()
    unless: Lines = Lines()
    sources: tuple[SourceKey, ...] = ()
    written: Written
