"""Names in a message: topics, colleges, programs, counties, occupations … as spaCy finds them, typos mended.

Fed by the knowledge base with `Term`s. Matching is on folded text (case and accents aside), longest name first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from language.normalise import fold
from language.spelling import Speller
from language.whole_files import whole

REMEMBERED = 64
_MARKS_IN_A_ROW, _HOLDS_NO_NAME = re.compile(r"(?:[^\w\s]|_){4,}"), re.compile(r"\S{100,}")


class Term(NamedTuple):
    """One written form of a named thing: label ``county``, value ``Yakima``, form ``yakima county``."""

    label: str
    value: str
    form: str


class Mention(NamedTuple):
    """A name found: characters `start` to `end` of the text as given to `find`."""

    label: str
    value: str
    start: int
    end: int
    exact: bool


class Gazetteer:
    """Finds terms. Building takes about 20 µs a form; finding well under a millisecond."""

    def __init__(self, terms: Iterable[Term], speller: Speller | None = None) -> None:
        # spaCy takes most of a second to import; a desk that only wants to answer the door should not wait for it.
        import spacy
        from spacy.matcher import PhraseMatcher

        self._nlp: Any = spacy.blank("xx")
        self._speller = speller
        self._found = lru_cache(maxsize=REMEMBERED)(self._look)  # one turn asks about one text more than once
        self._matcher = PhraseMatcher(self._nlp.vocab)
        self._values: dict[str, list[tuple[str, str]]] = {}
        forms: dict[str, list[tuple[str, str]]] = {}
        for term in terms:
            place = (term.label, term.value)
            if place not in forms.setdefault(_fold_keeping_length(term.form).strip(), []):
                forms[_fold_keeping_length(term.form).strip()].append(place)
        for form, values in forms.items():
            if form:
                self._values[form] = values
                self._matcher.add(form, [self._nlp.make_doc(form)])

    def find(self, text: str) -> list[Mention]:
        """Every name in the text, in order, none overlapping another (the longest wins)."""
        return list(self._found(text))

    def _look(self, text: str) -> tuple[Mention, ...]:
        from spacy.tokens import Doc

        folded = _fold_keeping_length(text)
        doc = self._nlp.make_doc(_without_walls(folded))
        found = self._spans(doc)
        if self._speller:
            mended = [self._speller.mend_word(t.text) for t in doc]
            if any(a != t.text for a, t in zip(mended, doc)):
                spaces = [bool(t.whitespace_) for t in doc]
                other = Doc(doc.vocab, words=mended, spaces=spaces)
                taken = {i for m, span in found for i in range(*span)}
                found += [(m, span) for m, span in self._spans(other) if not taken & set(range(*span))]
        mentions: list[Mention] = []
        for values, (first, last) in sorted(found, key=lambda f: f[1]):
            start, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
            exact = folded[start:end] in self._values
            mentions += [Mention(label, value, start, end, exact) for label, value in values]
        return tuple(mentions)

    def _spans(self, doc: Any) -> list[tuple[list[tuple[str, str]], tuple[int, int]]]:
        from spacy.util import filter_spans

        spans = filter_spans([doc[start:end] for _, start, end in self._matcher(doc)])
        return [(self._values[s.text], (s.start, s.end)) for s in spans if s.text in self._values]


def _fold_keeping_length(text: str) -> str:
    """Folded, one character for one, so that places in it are places in the text."""
    return "".join(map(_fold_character, text))


def _without_walls(text: str) -> str:
    """Blanks in place of what no name is written with: spaCy's time grows with the square of such a run (2.3 s for 4,000 ``=``)."""
    return _HOLDS_NO_NAME.sub(_blank, _MARKS_IN_A_ROW.sub(_blank, text))


def _blank(run: re.Match[str]) -> str:
    return " " * len(run[0])


@lru_cache(maxsize=4096)
def _fold_character(c: str) -> str:
    return (fold(c) or c)[0] if c.strip() else " "


def save(terms: Iterable[Term], known_words: dict[str, int], path: Path) -> None:
    """Write terms for another process (Rasa), whole or not at all."""
    with whole(path) as file:  # desk and actions may write at the same moment
        file.write(json.dumps({"terms": sorted(set(terms)), "words": known_words}, ensure_ascii=False).encode())


def load(path: Path, known: Container[str] = ()) -> Gazetteer:
    """The gazetteer another process wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Gazetteer((Term(*t) for t in data["terms"]), Speller(data["words"], known))
