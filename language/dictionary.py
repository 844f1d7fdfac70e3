"""Words that English and Spanish know, folded: no real word may be taken for a misspelt one (“hoja” is not “hija”).

From pyspellchecker's lists of both languages, and the whole words in the vocabularies of the encoders. A word is kept as 8 bytes
of its hash, so that 300,000 of them are mapped in a moment and shared by processes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache

import numpy as np

from language.encoder import whole_words
from language.normalise import fold
from language.universal import whole_pieces


class Dictionary:
    """`digests`: uint64, sorted."""

    def __init__(self, digests: np.ndarray) -> None:
        self.digests = digests

    @classmethod
    def of(cls, words: Iterable[str]) -> Dictionary:
        return cls(np.unique(np.array([_digest(fold(word).replace("'", "")) for word in words], np.uint64)))

    def __contains__(self, word: object) -> bool:
        """`word` folded."""
        digest = _digest(str(word))
        place = int(np.searchsorted(self.digests, digest))
        return place < len(self.digests) and int(self.digests[place]) == digest


@cache
def read() -> Dictionary:
    """Takes a second: what an index learned keeps it between starts (knowledge/index_files.py)."""
    from spellchecker import SpellChecker

    listed = SpellChecker(language=["en", "es"]).word_frequency.keys()
    return Dictionary.of({*whole_words(), *whole_pieces(), *listed})


def _digest(word: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2s(word.encode(), digest_size=8).digest(), "little"))
