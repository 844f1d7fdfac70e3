"""Mends words nobody knows into words the knowledge base knows. “aprenticship” → “apprenticeship”.

Only unknown words are touched: a word that English or Spanish knows stays as typed, because changing a real word changes the
question, and so does another form of a known one (“ayudarme”, “counselors”). A rare word a few letters from a common one
counts as its misspelling: phrasings hold misspellings on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from snowballstemmer import stemmer

from language.normalise import words

_TRUSTED = 3  # a correction is a word the knowledge uses at least this often
_RATIO = 10  # … and this many times as often as the word as typed
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_APOSTROPHE = re.compile("['’]")

_STEMMERS = tuple(map(stemmer, ("english", "spanish")))


class Speller:
    """`counts`: how often each word stands in the knowledge. `known`: further words to leave alone."""

    def __init__(self, counts: Mapping[str, int], known: Container[str] = ()) -> None:
        self._counts, self.known = dict(counts), known
        self._targets = sorted(w for w, n in self._counts.items() if n >= _TRUSTED and len(w) >= 4 and w.isalpha())
        self._mend = lru_cache(maxsize=16384)(self._look_up)

    def mend_word(self, word: str) -> str:
        """`word` folded; returned unchanged when known, short or unlike anything."""
        return self._mend(word) if len(word) >= 4 and word.isalpha() else word

    def mend(self, text: str) -> str:
        """The text with unknown words mended; everything else as it was."""

        def change(match: re.Match[str]) -> str:
            owner = _APOSTROPHE.split(match[0])[0]
            if owner != match[0] and self._is_known("".join(words(owner))):  # “WSU's”
                return match[0]
            folded = "".join(words(match[0]))
            mended = self.mend_word(folded)
            return match[0] if mended == folded else mended

        return _TOKEN.sub(change, text)

    def _is_known(self, word: str) -> bool:
        return word in self.known or self._counts.get(word, 0) >= _TRUSTED

    def _look_up(self, word: str) -> str:
        if word in self.known:
            return word
        limit = 1 if len(word) <= 7 else 2
        own = self._counts.get(word, 0)
        found = process.extract(word, self._targets, scorer=OSA.distance, score_cutoff=limit, limit=5)
        # People seldom miss the first letter, but for the silent one of Spanish.
        found = [f for f in found if f[0][0] == word[0] or f[0] == f"h{word}"]
        found = [f for f in found if self._counts[f[0]] >= max(_TRUSTED, _RATIO * own)]
        if not found or any(_same_word(word, f[0]) for f in found):
            return word
        best = min(found, key=lambda f: (f[1], -self._counts[f[0]], f[0]))  # nearest first, then the commoner word
        return str(best[0])


def _same_word(word: str, target: str) -> bool:
    """Another form of it: “estudian” and “estudiar” have one stem."""
    return any(each.stemWord(word) == each.stemWord(target) for each in _STEMMERS)
