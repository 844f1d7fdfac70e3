"""One written form for comparing texts. Pure; never used for what is shown or stored."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\u00a0]+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"'})
_WORD = re.compile(r"[a-z0-9]+(?:[&'][a-z0-9]+)*|\$")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def clean(text: str) -> str:
    """The message as typed, without control and direction marks and halves of characters, in NFC, with single spaces.

    Line breaks stay.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def fold(text: str) -> str:
    """Lower case, no accents, plain quotes: “¿Cuánto…?” and "cuanto" meet here."""
    if text.isascii():  # most words are, and nothing in them falls apart into a letter and an accent
        return text.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Folded words without apostrophes; letters drawn out for feeling are shortened (pleeease → plee­ase → please)."""
    return [_STRETCHED.sub(r"\1\1", w.replace("'", "")) for w in _WORD.findall(fold(text))]


_SENTENCE_END = re.compile(r"(?<=[.!?…])[\s\"')\]]+(?=[^\s])|\n+|(?<=\?)(?=[¿A-Za-z])")


def sentences(text: str) -> list[str]:
    """Sentences and lines of a message, in order."""
    return [s.strip() for s in _SENTENCE_END.split(text) if any(c.isalnum() for c in s)]
