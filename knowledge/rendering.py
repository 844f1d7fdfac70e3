"""From an answer with fact names to the words a student reads on a given day. Pure.

Template language, small on purpose:

* ``{fact_id}`` stands for a fact's value, written the way the language writes it.
* ``[[passage|instead]]``: if any fact named in `passage` is expired or missing, `instead` is used (or nothing).

An expired fact outside such a passage makes the sentence that holds it fall away, so an old figure can never be stated.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from babel.dates import format_date

from knowledge.schema import Fact, FactKind, Language, Text

FACT_NAME = re.compile(r"\{([a-z0-9_.-]+)\}")
PASSAGE = re.compile(r"\[\[(.*?)(?:\|(.*?))?\]\]", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*(?:[.!?]+|\n|$)\s*")
_LOCALES = {"en": "en_US", "es": "es_US"}


@dataclass(frozen=True)
class Rendered:
    """Text ready to show. `facts`: ids stated. `withheld`: ids left out because they are expired or unknown."""

    text: str
    facts: tuple[str, ...]
    withheld: tuple[str, ...]


def fact_names(template: str) -> list[str]:
    """Every fact a template names, in order of appearance, without repeats."""
    return list(dict.fromkeys(FACT_NAME.findall(template)))


def bare_fact_names(template: str) -> list[str]:
    """The facts named outside any ``[[…]]`` passage."""
    return fact_names(PASSAGE.sub("", template))


def is_current(fact: Fact | None, today: dt.date) -> bool:
    return fact is not None and (fact.valid_until is None or today <= fact.valid_until)


def state(fact: Fact, language: Language) -> str:
    """A fact's value in the words of a language: ``$7,395``, ``June 30, 2027``, ``30 de junio de 2027``."""
    locale, value = _LOCALES[language], fact.value
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, dt.date):
        return str(format_date(value, "long", locale=locale))
    if isinstance(value, (int, float)):
        if fact.type is FactKind.AMOUNT:
            return f"${value:,.2f}".removesuffix(".00")
        return f"{value:,}%" if fact.type is FactKind.PERCENT else f"{value:,}"
    return value


def render(template: str, facts: Mapping[str, Fact], language: Language, today: dt.date) -> Rendered:
    """Fill a template. Never raises on content: what cannot be stated truthfully is left out and reported."""
    stated: dict[str, None] = {}
    withheld: dict[str, None] = {}

    def usable(passage: str) -> bool:
        missing = [name for name in fact_names(passage) if not is_current(facts.get(name), today)]
        withheld.update(dict.fromkeys(missing))
        return not missing

    def choose(match: re.Match[str]) -> str:
        return match[1] if usable(match[1]) else (match[2] or "")

    chosen = PASSAGE.sub(choose, template)
    kept = "".join(s for s in _SENTENCE.findall(chosen) if usable(s))

    def fill(match: re.Match[str]) -> str:
        stated[match[1]] = None
        return state(facts[match[1]], language)

    text = FACT_NAME.sub(fill, kept)
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"[ \t]+([.,;:!?])", r"\1", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return Rendered(text, tuple(stated), tuple(withheld))
