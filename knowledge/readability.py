"""How hard a text is to read, as a school grade. Pure.

English: Flesch-Kincaid grade (Kincaid et al. 1975). Spanish: Crawford's grade (Crawford 1989), made for Spanish primary
texts. Both count sentences, words and syllables; syllables come from pyphen's hyphenation rules.
"""

from __future__ import annotations

import re
from functools import cache

import pyphen

from knowledge.schema import Language

_LINK = re.compile(r"https?://\S+|\S+@\S+\.\S+")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+", re.MULTILINE)
_BREAK = re.compile(r"(?<=[.!?:;])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@cache
def _hyphenation(language: Language) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang={"en": "en_US", "es": "es"}[language])


@cache
def syllables(word: str, language: Language) -> int:
    return max(1, len(_hyphenation(language).positions(word.lower())) + 1)


def sentences(text: str) -> list[str]:
    """Sentences and list items, links left out."""
    plain = _LIST_MARK.sub("", _LINK.sub("", text))
    return [s.strip() for s in _BREAK.split(plain) if _WORD.search(s)]


def grade(text: str, language: Language, names: frozenset[str] = frozenset()) -> float:
    """School grade needed to read `text`.

    `names` (lower case) are words of program names and terms a student must meet anyway (FAFSA, apprenticeship); each
    counts as one syllable, because the grade judges our prose, not the names of programs.
    """
    parts = sentences(text)
    words = [w for s in parts for w in _WORD.findall(s)]
    if not words:
        return 0.0
    beats = sum(1 if w.lower() in names else syllables(w, language) for w in words)
    if language == "es":
        per_100 = 100 / len(words)
        return -0.205 * (len(parts) * per_100) + 0.049 * (beats * per_100) - 3.407
    return 0.39 * len(words) / len(parts) + 11.8 * beats / len(words) - 15.59


def hardest_sentence(text: str, language: Language, names: frozenset[str] = frozenset()) -> str:
    parts = sentences(text)
    return max(parts, key=lambda s: grade(s, language, names) + len(_WORD.findall(s)) / 10, default="")
