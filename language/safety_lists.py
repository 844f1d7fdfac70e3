"""The reviewed lists of ``safety_patterns/``, read once: word classes, spellings, figures of speech, guards, families."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from language.safety_matching import Patterns, Symbols

Category = Literal["self_harm", "abuse_home", "homelessness", "food_insecurity", "harassment", "threat"]
Urgency = Literal["now", "soon"]

# The first category found is told: where several are, the help of the earlier one must not be missed.
ORDER: tuple[Category, ...] = ("self_harm", "threat", "abuse_home", "harassment", "food_insecurity", "homelessness")
_FOLDER = Path(__file__).parent / "safety_patterns"


@dataclass(frozen=True)
class Guard:
    """A context in which a danger is only spoken about. `yields`: it gives way where the speaker names themselves."""

    patterns: Patterns
    yields: bool


@dataclass(frozen=True)
class Family:
    category: Category
    urgency: Urgency
    patterns: Patterns
    unless: tuple[Guard, ...]


@dataclass(frozen=True)
class Lists:
    classes: dict[str, Symbols]  # word -> <names> of its classes
    aliases: dict[str, tuple[str, ...]]
    joins: tuple[tuple[re.Pattern[str], str], ...]
    fuzzy: tuple[str, ...]
    correct: frozenset[str]  # words that are spelt right though they resemble a fuzzy one
    idioms: Patterns
    families: tuple[Family, ...]


@cache
def lists() -> Lists:
    words, guards = _read("words"), _read("guards")
    classes: dict[str, set[str]] = defaultdict(set)
    for name, members in words["classes"].items():
        for member in members:
            classes[member].add(f"<{name}>")
    contexts = {name: Guard(Patterns(lines), yields=name in guards["yielding"]) for name, lines in guards["contexts"].items()}
    idioms = Patterns(guards["idioms"])
    families = [
        Family(data["category"], data["urgency"], Patterns(family["patterns"]), tuple(contexts[name] for name in family.get("unless", ())))
        for data in map(_read, ORDER)
        for family in data["families"]
    ]
    return Lists(
        classes={word: frozenset(names) for word, names in classes.items()},
        aliases={word: tuple(meaning.split()) for word, meaning in words["aliases"].items()},
        joins=tuple((re.compile(rf"\b{re.escape(typed)}\b"), joined) for typed, joined in words["joins"]),
        fuzzy=tuple(words["fuzzy"]),
        correct=frozenset(words["correct"]).union(classes, idioms.words, *(f.patterns.words for f in families)),
        idioms=idioms,
        families=tuple(families),
    )


def _read(name: str) -> Any:
    # BaseLoader: every scalar stays a string; the words "no", "on" and "off" must not become booleans.
    return yaml.load((_FOLDER / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
