"""Several questions in one message, taken apart. Pure."""

from __future__ import annotations

import re

from language.normalise import fold, sentences, words

_OPENING = (
    r"what|when|where|who|which|why|how|can|could|do|does|is|are|will|should|would|"
    r"que|cual|cuales|cuando|cuanto|cuanta|cuantos|cuantas|donde|quien|como|por que|puedo|puede|hay|tengo que|necesito"
)
_JOINED = re.compile(rf"\s*(?:[,;]\s*(?:and|also|y|tambien)?|\b(?:and also|and|also|y tambien|y)\b)\s+(?=(?:{_OPENING})\b)")
_QUESTION = re.compile(rf"^(?:[¿\s]*)(?:(?:and|also|so|but|y|o|pero|tambien)\s+)?(?:{_OPENING})\b")
MOST = 6


def questions(text: str) -> list[str]:
    """The questions in a message, in order; one element when it asks one thing (or tells a story around it)."""
    found: list[str] = []
    for sentence in sentences(text):
        folded = fold(sentence)
        if len(folded) != len(sentence):
            parts = [sentence]
        else:
            cuts = [0, *(m.end() for m in _JOINED.finditer(folded)), len(sentence)]
            ends = [*(m.start() for m in _JOINED.finditer(folded)), len(sentence)]
            parts = [sentence[a:b] for a, b in zip(cuts, ends)]
            if not all(_QUESTION.match(fold(p)) and len(words(p)) >= 3 for p in parts):
                parts = [sentence]
        found += [p.strip().strip(",; ") for p in parts if "?" in p or _QUESTION.match(fold(p))]
    kept = [q for n, q in enumerate(found) if len(words(q)) >= (2 if n and "?" in q else 3)]  # “What is X? How much?”
    return kept[:MOST] or [text]
