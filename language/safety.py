"""Is somebody in danger? Read before anything else, by reviewed lists alone: no model, no network.

How: the message becomes plain words, each with the names of the word classes it belongs to (`safety_words`), and the
pattern families of ``safety_patterns/`` look for their words in order inside one sentence (`safety_matching`). Figures of
speech ("kill two birds") are taken out first; a family may fall silent where a guard says that the danger is only a
subject of study or of policy, but a study guard never silences somebody who says what is done to "me" or by "my" family.
"""

from __future__ import annotations

from dataclasses import dataclass

from language.safety_lists import ORDER, Category, Family, Urgency, lists
from language.safety_matching import Symbols
from language.safety_words import sentences

__all__ = ["ORDER", "Category", "Finding", "Urgency", "detect"]

_GONE: Symbols = frozenset()  # a word taken out as part of a figure of speech
_CONCERNED = frozenset({"me", "us", "my", "our", "mi", "mis", "nos", "myself"})
_POSSESSIVE = frozenset({"my", "our", "mi", "mis"})


@dataclass(frozen=True)
class Finding:
    """`urgency` now: a person is alerted and the question waits; soon: help first, then the question is answered.

    `matched` holds the words that were recognised, for the advisor and for review, never for the student. `unsure`: no
    pattern named it, only the second reading (language/safety_reader.py). `faint`: nor was that sure; a question whose answer
    is clear is no such message.
    """

    category: Category
    urgency: Urgency
    matched: str
    unsure: bool = False
    faint: bool = False


def detect(text: str) -> Finding | None:
    """The most pressing danger that `text` speaks of, or None. Same text, same finding; reads no file after the first call."""
    known = lists()
    found: dict[Category, Finding] = {}
    for words in sentences(text):
        said = list(words)  # guards read the whole sentence, figures of speech and all
        for positions in list(known.idioms.find(words, frozenset().union(*words))):
            for position in positions:
                words[position] = _GONE
        present = frozenset().union(*words)
        for family in known.families:
            if family.category not in found and family.patterns.may_begin(present):
                match = _match(family, words, said, present)
                if match:
                    matched = " ".join(min(words[p], key=lambda s: (s[0] == "<", s[-1] == "$")) for p in match)
                    found[family.category] = Finding(family.category, family.urgency, matched)
    return next((found[category] for category in ORDER if category in found), None)


def _match(family: Family, words: list[Symbols], said: list[Symbols], present: Symbols) -> tuple[int, ...]:
    """The first match no guard silences; empty if there is none. `said`: the words before any was taken out. `present`: all of `words`."""
    matches = family.patterns.find(words, present)
    first = next(matches, ())
    if not first:
        return ()
    speaking = [guard for guard in family.unless if next(guard.patterns.find(said, frozenset().union(*said)), None)]
    if not speaking:
        return first
    if not all(guard.yields for guard in speaking):
        return ()
    if _personal(first, words):
        return first
    return next((match for match in matches if _personal(match, words)), ())


def _personal(match: tuple[int, ...], words: list[Symbols]) -> bool:
    before = words[match[0] - 1] if match[0] else _GONE
    return not before.isdisjoint(_POSSESSIVE) or any(not words[p].isdisjoint(_CONCERNED) for p in match)
