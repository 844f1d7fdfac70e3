"""Which answers a fact stands in, and how they read with its value of now and with another. Pure, given the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desk.editor.differences import Piece
from desk.editor.differences import words as told_apart
from desk.editor.naming import title_of
from knowledge.checking import texts_of
from knowledge.rendering import fact_names, render
from knowledge.schema import LANGUAGES, Checklist, Document, Fact, Language, Text
from knowledge.store import body_of


@dataclass(frozen=True)
class Reads:
    """One document that uses a fact. `now`: the words as students read them today. `then`: the pieces of the words with the
    other value, told apart from those of now; the same words if nothing would change."""

    kind: str
    key: str
    title: str
    now: dict[Language, str]
    then: dict[Language, list[Piece]]
    changes: bool


def reads(users: Iterable[Document], fact: Fact, facts: Mapping[str, Fact], today: dt.date) -> list[Reads]:
    """Each user with `facts` as they are, and with `fact` in the place of the one of its name."""
    would = {**facts, fact.id: fact}
    return [_one(document, fact.id, facts, would, today) for document in users]


def _one(document: Document, key: str, facts: Mapping[str, Fact], would: Mapping[str, Fact], today: dt.date) -> Reads:
    texts = [text for _, text in texts_of(document) if _names(text, key)]
    now = {language: _said(texts, facts, language, today) for language in LANGUAGES}
    then = {language: _said(texts, would, language, today) for language in LANGUAGES}
    if not texts and isinstance(document, Checklist):  # a link fact stands beside a step, not in its words
        links = [step.link for step in document.steps if step.link == key]
        now, then = (
            {language: str(known[links[0]].value) for language in LANGUAGES} if links and links[0] in known else {} for known in (facts, would)
        )
    title = title_of(body_of(document)) or document.key
    pieces = {language: told_apart(now.get(language, ""), text) for language, text in then.items()}
    return Reads(document.kind, document.key, title, now, pieces, now != then)


def _names(text: Text, key: str) -> bool:
    return any(key in fact_names(text.in_language(language)) for language in LANGUAGES)


def _said(texts: Iterable[Text], facts: Mapping[str, Fact], language: Language, today: dt.date) -> str:
    return "\n".join(render(text.in_language(language), facts, language, today).text for text in texts)
