"""A document with more, or fewer, ways of asking for it. Pure."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from desk.errors import Invalid
from desk.learning.model import Phrasings
from knowledge.checking import normal
from knowledge.schema import LANGUAGES, Checklist, Entry, Language, Lines, Refusal
from knowledge.snapshot import Snapshot

Asked = TypeVar("Asked", bound=Entry | Refusal | Checklist)
LONGEST = 300
MOST_LINES = 12


def lines_of(text: str) -> list[str]:
    """What was typed into a box, one phrasing a line, each once."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        line = " ".join(line.split())
        if normal(line):
            found.setdefault(normal(line), line)
    return list(found.values())


def checked(phrasings: Phrasings) -> Phrasings:
    """As given, without empty languages. Raises Invalid with words that say what to change."""
    kept: Phrasings = {language: lines for language in LANGUAGES if (lines := phrasings.get(language))}
    if not kept:
        raise Invalid("Keep at least one way of asking.")
    if sum(map(len, kept.values())) > MOST_LINES:
        raise Invalid(f"That is more than {MOST_LINES} ways of asking at once. Keep the ones that differ most.")
    for lines in kept.values():
        for line in lines:
            if len(line) > LONGEST:
                raise Invalid(f"“{line[:60]}…” is longer than {LONGEST} characters. Shorten it to the question.")
    return kept


def with_phrasings(document: Asked, phrasings: Phrasings) -> Asked:
    """Those it has already are not added twice."""
    return _changed(document, {language: _joined(document.phrasings.in_language(language), phrasings.get(language, [])) for language in LANGUAGES})


def without_phrasings(document: Asked, phrasings: Phrasings) -> Asked:
    gone = {language: {normal(line) for line in phrasings.get(language, [])} for language in LANGUAGES}
    kept = {
        language: tuple(line for line in document.phrasings.in_language(language) if normal(line) not in gone[language]) for language in LANGUAGES
    }
    return _changed(document, kept)


def really_new(document: Asked, phrasings: Phrasings) -> Phrasings:
    """Those the document did not have: what an undo takes away again."""
    had = {language: {normal(line) for line in document.phrasings.in_language(language)} for language in LANGUAGES}
    return {language: [line for line in lines if normal(line) not in had[language]] for language, lines in phrasings.items()}


def taken_elsewhere(snapshot: Snapshot, kind: str, key: str, phrasings: Phrasings) -> list[str]:
    """Lines that already lead somewhere else, in words for whoever adds them."""
    wanted = {normal(line): line for lines in phrasings.values() for line in lines}
    told = []
    for documents in (snapshot.entries, snapshot.refusals, snapshot.checklists):
        for document in documents.values():
            if (document.kind, document.key) == (kind, key):
                continue
            lines = (line for language in LANGUAGES for line in document.phrasings.in_language(language))
            told += [f"“{wanted[normal(line)]}” already leads to {document.key}." for line in lines if normal(line) in wanted]
    return told


def _joined(before: tuple[str, ...], new: list[str]) -> tuple[str, ...]:
    had = {normal(line) for line in before}
    return (*before, *(line for line in new if normal(line) not in had))


def _changed(document: Asked, lines: dict[Language, tuple[str, ...]]) -> Asked:
    data = document.model_dump(mode="json") | {"phrasings": Lines(en=lines["en"], es=lines["es"]).model_dump(mode="json")}
    try:
        changed: Asked = type(document).model_validate(data)  # type: ignore[assignment]
        return changed
    except ValidationError as error:
        raise Invalid("; ".join(e["msg"] for e in error.errors())) from None
