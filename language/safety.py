"""Is somebody in danger? Read before anything else, by this file and its reviewed lists alone: no model, no network.

How: the message becomes plain words (:func:`_sentences`), each word gets the names of the word classes it belongs to, and
the pattern families in ``safety_patterns/`` look for their words in order, at most so many words apart, inside one
sentence. Figures of speech ("kill two birds") are taken out first; a family may fall silent where a guard says that the
danger is only a subject of study or of policy.

A pattern is one line of YAML: words, ``<class>`` names and ``a|b`` choices in order; a number lets that many other words
stand between; ``!a|b`` is any word but these; ``word$`` must end a sentence or stand before a comma; ``word?`` may be missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from rapidfuzz.distance import OSA

Category = Literal["self_harm", "abuse_home", "homelessness", "food_insecurity", "harassment", "threat"]
Urgency = Literal["now", "soon"]
Symbols = frozenset[str]  # a word and the classes it belongs to

# The first category found is told: where several are, the help of the earlier one must not be missed.
ORDER: tuple[Category, ...] = ("self_harm", "threat", "abuse_home", "harassment", "food_insecurity", "homelessness")
_LISTS = Path(__file__).parent / "safety_patterns"
_GONE: Symbols = frozenset()  # a word taken out as part of a figure of speech


@dataclass(frozen=True)
class Finding:
    """`urgency` now: a person is alerted and the question waits; soon: help first, then the question is answered.

    `matched` holds the words that were recognised, for the advisor and for review, never for the student.
    """

    category: Category
    urgency: Urgency
    matched: str


@dataclass(frozen=True)
class _Item:
    any_of: Symbols
    gap: int  # how many other words may stand before it
    negated: bool = False

    def fits(self, word: Symbols) -> bool:
        return self.any_of.isdisjoint(word) if self.negated else not self.any_of.isdisjoint(word)


@dataclass(frozen=True)
class _Family:
    category: Category
    urgency: Urgency
    patterns: _Patterns
    unless: tuple[_Patterns, ...]


class _Patterns:
    """Patterns found by the first word they need, so that a message meets only those it could fulfil."""

    def __init__(self, lines: list[str]) -> None:
        self._by_first: dict[str, list[tuple[_Item, ...]]] = defaultdict(list)
        self.words: set[str] = set()
        for line in lines:
            pattern = _read_pattern(line)
            self.words.update(symbol.rstrip("$") for item in pattern for symbol in item.any_of)
            for symbol in pattern[0].any_of:
                self._by_first[symbol].append(pattern)

    def find(self, words: list[Symbols], present: Symbols) -> Iterator[tuple[int, ...]]:
        """The positions of each match. `present`: all symbols of the sentence."""
        possible: dict[str, list[tuple[_Item, ...]]] = {}
        for symbol in present & self._by_first.keys():
            fitting = [p for p in self._by_first[symbol] if all(i.negated or not i.any_of.isdisjoint(present) for i in p[1:])]
            if fitting:
                possible[symbol] = fitting
        if not possible:
            return
        for start, word in enumerate(words):
            for symbol in sorted(word & possible.keys()):  # sorted: the same match in every process
                for pattern in possible[symbol]:
                    positions = _follow(pattern, words, start)
                    if positions:
                        yield positions


def _read_pattern(line: str) -> tuple[_Item, ...]:
    items: list[_Item] = []
    gap = 0
    for part in line.split():
        if part.isdigit() and items:
            gap += int(part)
        elif part.endswith("?"):
            gap += 1
        else:
            items.append(_Item(frozenset(part.lstrip("!").split("|")), gap, part.startswith("!")))
            gap = 0
    return tuple(items)


def _follow(pattern: tuple[_Item, ...], words: list[Symbols], start: int) -> tuple[int, ...]:
    """Where the rest of a pattern stands when its first word stands at `start`; empty if it does not.

    Keeps one path per reached position, so the work is bounded by words × gap whatever the message.
    """
    reached: dict[int, tuple[int, ...]] = {start: (start,)}
    for item in pattern[1:]:
        nearer: dict[int, tuple[int, ...]] = {}
        for last, path in reached.items():
            for position in range(last + 1, min(last + item.gap + 2, len(words))):
                if position not in nearer and item.fits(words[position]):
                    nearer[position] = (*path, position)
        if not nearer:
            return ()
        reached = nearer
    return min(reached.values(), key=lambda path: path[-1])


@dataclass(frozen=True)
class _Lists:
    """Everything read from ``safety_patterns/``."""

    classes: dict[str, Symbols]  # word -> <names> of its classes
    aliases: dict[str, tuple[str, ...]]
    joins: tuple[tuple[re.Pattern[str], str], ...]
    fuzzy: tuple[str, ...]
    correct: frozenset[str]  # words that are spelt right though they resemble a fuzzy one
    idioms: _Patterns
    families: tuple[_Family, ...]


@cache
def _lists() -> _Lists:
    def read(name: str) -> Any:
        # BaseLoader: every scalar stays a string; the words "no", "on" and "off" must not become booleans.
        return yaml.load((_LISTS / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)

    words, guards = read("words"), read("guards")
    classes: dict[str, set[str]] = defaultdict(set)
    for name, members in words["classes"].items():
        for member in members:
            classes[member].add(f"<{name}>")
    contexts = {name: _Patterns(lines) for name, lines in guards["contexts"].items()}
    idioms = _Patterns(guards["idioms"])
    families = [
        _Family(data["category"], data["urgency"], _Patterns(family["patterns"]), tuple(contexts[name] for name in family.get("unless", ())))
        for data in map(read, ORDER)
        for family in data["families"]
    ]
    return _Lists(
        classes={word: frozenset(names) for word, names in classes.items()},
        aliases={word: tuple(meaning.split()) for word, meaning in words["aliases"].items()},
        joins=tuple((re.compile(rf"\b{re.escape(typed)}\b"), joined) for typed, joined in words["joins"]),
        fuzzy=tuple(words["fuzzy"]),
        correct=frozenset(words["correct"]).union(classes, idioms.words, *(f.patterns.words for f in families)),
        idioms=idioms,
        families=tuple(families),
    )


_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "!": "i", "@": "a", "$": "s"})
_LEET_INSIDE = re.compile(r"(?<=[a-z])[013457!@$](?=[a-z])")
_HIDDEN = re.compile(r"(?<=[a-z])[*._-](?=[a-z])|[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPELLED_OUT = re.compile(r"(?<![a-z'])[a-z](?:[ .\-_]+[a-z]){3,}(?![a-z'])")
_PARTS = re.compile(r"[a-z0-9]+|[.!?;:\n]+|,")
_SHORT_FORMS = (("n't", "nt"), ("'ll", " will"), ("'ve", " have"), ("'re", " are"), ("'m", " am"), ("'d", " would"), ("'s", " is"))
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def _plain(text: str) -> str:
    """Lower case without accents, disguises ("k!ll", "s u i c i d e") and short forms."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    text = "".join(c for c in decomposed if not unicodedata.combining(c))
    text = re.sub("[’‘´`]", "'", text)
    text = _HIDDEN.sub(lambda m: " " if m[0] in "-._" else "", text) if _HIDDEN.search(text) else text
    text = _LEET_INSIDE.sub(lambda m: m[0].translate(_LEET), text)
    text = _SPELLED_OUT.sub(lambda m: " ".join(re.sub(r"[^a-z]", "", word) for word in re.split(r"\s{2,}", m[0])), text)
    for short, full in _SHORT_FORMS:
        text = text.replace(short, full)
    text = text.replace("'", "")
    for typed, joined in _lists().joins:
        text = typed.sub(joined, text)
    return text


@lru_cache(maxsize=8192)
def _symbols(word: str) -> Symbols:
    """The word as it was probably meant, with its classes."""
    lists = _lists()
    if word not in lists.correct and len(word) >= 5:
        near = [meant for meant in lists.fuzzy if meant[0] == word[0] and abs(len(meant) - len(word)) <= 1]
        closest = min(near, key=lambda meant: OSA.distance(word, meant), default="")
        if closest and OSA.distance(word, closest) <= (1 if len(closest) < 8 else 2):
            word = closest
    return lists.classes.get(word, frozenset()) | {word}


def _words(part: str) -> tuple[str, ...]:
    aliases, correct = _lists().aliases, _lists().correct
    if _STRETCHED.search(part):
        double, single = _STRETCHED.sub(r"\1\1", part), _STRETCHED.sub(r"\1", part)
        part = double if double in correct or double in aliases else single
    return aliases.get(part, (part,))


def _sentences(text: str) -> Iterator[list[Symbols]]:
    sentence: list[Symbols] = []
    for part in [*_PARTS.findall(_plain(text)), "."]:
        if part[0].isalnum():
            sentence += map(_symbols, _words(part))
        elif sentence:
            sentence[-1] = sentence[-1] | {f"{symbol}$" for symbol in sentence[-1]}
            if part != ",":
                yield sentence
                sentence = []


def detect(text: str) -> Finding | None:
    """The most pressing danger that `text` speaks of, or None. Same text, same finding; reads no file after the first call."""
    lists = _lists()
    found: dict[Category, Finding] = {}
    for words in _sentences(text):
        present = frozenset().union(*words)
        for positions in list(lists.idioms.find(words, present)):
            for position in positions:
                words[position] = _GONE
        for family in lists.families:
            if family.category in found:
                continue
            match = next(family.patterns.find(words, present), None)
            if match and not any(next(guard.find(words, present), None) for guard in family.unless):
                matched = " ".join(min(words[p], key=lambda s: (s[0] == "<", s[-1] == "$")) for p in match)
                found[family.category] = Finding(family.category, family.urgency, matched)
    return next((found[category] for category in ORDER if category in found), None)
