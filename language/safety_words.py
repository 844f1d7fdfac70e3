"""A message as the safety patterns read it: plain words by sentence, disguises and misspellings undone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from language.safety_lists import lists
from language.safety_matching import Symbols

_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "!": "i", "@": "a", "$": "s"})
_LEET_INSIDE = re.compile(r"(?<=[a-z])[013457!@$](?=[a-z])")
_HIDDEN = re.compile(r"(?<=[a-z])[*._-](?=[a-z])|[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPELLED_OUT = re.compile(r"(?<![a-z'])[a-z](?:[ .\-_]+[a-z]){3,}(?![a-z'])")
_PARTS = re.compile(r"[a-z0-9]+|[.!?;:\n]+|,")
_SHORT_FORMS = (("n't", "nt"), ("'ll", " will"), ("'ve", " have"), ("'re", " are"), ("'m", " am"), ("'d", " would"), ("'s", " is"))
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def sentences(text: str) -> Iterator[list[Symbols]]:
    sentence: list[Symbols] = []
    for part in [*_PARTS.findall(_plain(text)), "."]:
        if part[0].isalnum():
            sentence += map(_symbols, _words(part))
        elif sentence:
            sentence[-1] = sentence[-1] | {f"{symbol}$" for symbol in sentence[-1]}
            if part != ",":
                yield sentence
                sentence = []


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
    for typed, joined in lists().joins:
        text = typed.sub(joined, text)
    return text


def _words(part: str) -> tuple[str, ...]:
    aliases, correct = lists().aliases, lists().correct
    if _STRETCHED.search(part):
        double, single = _STRETCHED.sub(r"\1\1", part), _STRETCHED.sub(r"\1", part)
        part = double if double in correct or double in aliases else single
    return aliases.get(part, (part,))


@lru_cache(maxsize=8192)
def _symbols(word: str) -> Symbols:
    """The word as it was probably meant, with its classes."""
    known = lists()
    if word not in known.correct and len(word) >= 5:
        near = [meant for meant in known.fuzzy if meant[0] == word[0] and abs(len(meant) - len(word)) <= 1]
        closest = min(near, key=lambda meant: OSA.distance(word, meant), default="")
        if closest and OSA.distance(word, closest) <= (1 if len(closest) < 8 else 2):
            word = closest
    return known.classes.get(word, frozenset()) | {word}
