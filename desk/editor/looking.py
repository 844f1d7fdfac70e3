"""What speaks about a text while it is written: faults, reading level, length, Spanish, facts, questions that are alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from desk.editor.checks import Remark, faults_of, remark
from desk.editor.fields import Shape, fields_of
from desk.editor.forms import Flat, read
from desk.editor.naming import label_of
from desk.editor.preview import Message, previews
from desk.editor.using import Reads, reads
from knowledge.checking import MAX_GRADE, MAX_WORDS, TERMS
from knowledge.index import Vectors
from knowledge.matcher import Matcher
from knowledge.readability import grade, hardest_sentence
from knowledge.references import users_of
from knowledge.rendering import fact_names, is_current, render, state
from knowledge.schema import LANGUAGES, Document, Fact, Language
from knowledge.snapshot import Snapshot

ALIKE = 0.9  # two ways of asking nearer than this are hard to tell apart
MOST_LINES = 60
SPANISH_ALLOWANCE = 1.15  # says the same in more words
_TITLES = frozenset({"question", "title", "name", "about"})


@dataclass(frozen=True)
class Reading:
    """How long and how hard one text is. `hardest`: the sentence to begin with, if it is too hard."""

    label: str
    language: Language
    words: int
    most_words: int
    grade: float
    hardest: str

    @property
    def too_long(self) -> bool:
        return self.words > self.most_words


@dataclass(frozen=True)
class FactUse:
    key: str
    about: str
    value: str
    valid_until: dt.date | None
    current: bool


@dataclass(frozen=True)
class Alike:
    """A new way of asking, and one that leads elsewhere and is nearly the same."""

    phrasing: str
    other: str
    target: str
    kind: str


@dataclass(frozen=True)
class Look:
    faults: list[Remark]
    readings: list[Reading]
    facts: list[FactUse]
    unknown_facts: list[str]
    spanish: str
    alike: list[Alike] = field(default_factory=list)
    messages: dict[Language, Message] = field(default_factory=dict)
    uses: list[Reads] = field(default_factory=list)


def look(
    model: type[Document], key: str, flat: Flat, published: Flat | None, current: tuple[Snapshot, Matcher], vectors: Vectors, today: dt.date
) -> Look:
    """Takes a few hundredths of a second, and as much again for each ten new ways of asking."""
    snapshot, matcher = current
    document, wrong = read(model, flat)
    faults = faults_of(document, snapshot, today) if document else [remark(model, name, words) for name, words in wrong]
    used = list(dict.fromkeys(name for text in flat.values() for name in fact_names(text)))
    return Look(
        faults, list(_readings(model, flat, snapshot, today)), _facts(used, snapshot, today), [name for name in used if name not in snapshot.facts],
        _spanish(flat), _alike(key, flat, published or {}, matcher, vectors), previews(model.kind, document, flat, snapshot, today),
        reads(users_of(snapshot, Fact.kind, document.id), document, snapshot.facts, today) if isinstance(document, Fact) else [],
    )  # fmt: skip


def _readings(model: type[Document], flat: Flat, snapshot: Snapshot, today: dt.date) -> Iterator[Reading]:
    names = TERMS | {word for topic in snapshot.topics.values() for line in (topic.name.en, topic.name.es, *topic.aliases.en, *topic.aliases.es)
                     for word in line.lower().replace("-", " ").split()}  # fmt: skip
    for each in fields_of(model):
        if each.shape is not Shape.TEXT or each.name in _TITLES:
            continue
        for language in LANGUAGES:
            name = f"{each.name}.{language}"
            shown = render(flat.get(name, ""), snapshot.facts, language, today).text
            level, most = grade(shown, language, names), int(MAX_WORDS * (SPANISH_ALLOWANCE if language == "es" else 1))
            hard = hardest_sentence(shown, language, names) if level > MAX_GRADE else ""
            yield Reading(label_of(model, name), language, len(shown.split()), most, round(max(level, 0), 1), hard)


def _facts(names: list[str], snapshot: Snapshot, today: dt.date) -> list[FactUse]:
    facts = [snapshot.facts[name] for name in names if name in snapshot.facts]
    return [FactUse(f.id, f.about, state(f, "en"), f.valid_until, is_current(f, today)) for f in facts]


def _spanish(flat: Flat) -> str:
    """What is to be done about the Spanish; empty if nothing."""
    missing = [name for name, text in flat.items() if text and name.endswith(".en") and f"{name[:-2]}es" in flat and not flat[f"{name[:-2]}es"]]
    if any(not name.startswith(("names.", "unless.", "aliases.")) for name in missing):
        return "Spanish is missing."
    if flat.get("written.en", "") > flat.get("written.es", ""):
        return f"The Spanish is of {flat['written.es']}, the English of {flat['written.en']}."
    return ""


def _alike(key: str, flat: Flat, published: Flat, matcher: Matcher, vectors: Vectors) -> list[Alike]:
    """New ways of asking that are nearly those of another target."""
    index = matcher.index
    lines = [line for language in LANGUAGES for line in _new_lines(flat, published, f"phrasings.{language}")][:MOST_LINES]
    if not lines or not len(index.rows):
        return []
    ends = np.append(index.starts[1:], len(index.rows))
    own = np.zeros(len(index.rows), bool)
    for target, start, end in zip(index.targets, index.starts, ends):
        if target.id == key:
            own[start:end] = True
    found = []
    for line, near in zip(lines, index.meanings.dot(index.seen(lines, vectors)).T):
        best = int(np.argmax(np.where(own, -1, near)))
        if near[best] >= ALIKE and not own[best]:
            target = index.targets[int(np.searchsorted(index.starts, best, side="right")) - 1]
            found.append(Alike(line, index.rows[best], target.id, target.kind))
    return found


def _new_lines(flat: Flat, published: Flat, name: str) -> list[str]:
    known = set(published.get(name, "").splitlines())
    return [line for line in flat.get(name, "").splitlines() if line.strip() and line not in known]
