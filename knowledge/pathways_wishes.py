"""What a student wishes for, and how wishes are read from words: how long, paid or not, what kind. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.pathways_schema import Cluster, ProgramType
from language.normalise import words

Wanted = Literal["short", "medium", "long", "any"]
T = ProgramType
KINDS: dict[str, frozenset[ProgramType]] = {
    "apprenticeship": frozenset({T.REGISTERED_APPRENTICESHIP, T.YOUTH_APPRENTICESHIP}),
    "pre_apprenticeship": frozenset({T.PRE_APPRENTICESHIP}),
    "certificate": frozenset({T.CERTIFICATE}),
    "associate": frozenset({T.ASSOCIATE, T.CAREER_LAUNCH}),
    "bachelor": frozenset({T.BACHELOR, T.BAS}),
    "internship": frozenset({T.INTERNSHIP}),
    "skills_center": frozenset({T.SKILL_CENTER}),
}


@dataclass(frozen=True)
class Wish:
    """`county` and `occupation` are ids; no clusters means any field; `types` empty means any kind of program.

    `earn`: True asks for pay while learning; False and None ask nothing. `free`: no tuition, or the employer pays it.
    """

    county: str | None = None
    clusters: tuple[Cluster, ...] = ()
    occupation: str | None = None
    types: frozenset[ProgramType] = frozenset()
    length: Wanted = "any"
    earn: bool | None = None
    free: bool = False


def widened(wish: Wish) -> Iterator[tuple[str, Wish]]:
    """The same wish with ever less asked; each with the name of what was let go last."""
    if wish.length != "any":
        wish = replace(wish, length="any")
        yield "length", wish
    if wish.free:
        wish = replace(wish, free=False)
        yield "free", wish
    if wish.earn:
        wish = replace(wish, earn=None)
        yield "earn", wish
    if wish.types:
        wish = replace(wish, types=frozenset())
        yield "type", wish
    if wish.county:
        yield "county", replace(wish, county=None)


_NUMBERS = {"one": 1, "a": 1, "an": 1, "un": 1, "una": 1, "uno": 1, "two": 2, "dos": 2, "three": 3, "tres": 3, "four": 4, "cuatro": 4, "five": 5, "cinco": 5, "six": 6,
    "seis": 6, "seven": 7, "siete": 7, "eight": 8, "ocho": 8, "nine": 9, "nueve": 9, "ten": 10, "diez": 10, "twelve": 12, "doce": 12}  # fmt: skip
_SPAN = re.compile(
    r"\b(\d+|" + "|".join(_NUMBERS) + r") (day|days|week|weeks|month|months|year|years|yr|yrs|dia|dias|semana|semanas|mes|meses|ano|anos)\b"
)
_LESS = re.compile(r"\b(less|under|within|fewer|menos|below|quick|quickly|short|fast|corto|corta|rapido|rapida|pronto)\b")
_MORE = re.compile(r"\b(more than|over|longer|mas de|largo|larga|long)\b")
_ANY = re.compile(
    r"\b(any|anything|whatever|doesnt matter|dont care|dont mind|not sure|dont know|idk|da igual|no importa|cualquiera|lo que sea|no se)\b"
)
_PAID = re.compile(
    r"\b(pays? (?:me )?while|paid|earn(?:ing)? while|earn money|get paid|make money while|while i learn|while you learn|pagad[oa]s?|ganar dinero|ganando|ganar mientras|pagan|me paguen)\b"
)
_FREE = re.compile(r"\b(free|no cost|no tuition|gratis|gratuit[oa]s?|sin costo)\b")
_KINDS = (
    ("pre_apprenticeship", r"pre ?apprentice\w*|preaprendizajes?"),
    ("apprenticeship", r"apprentice\w*|aprendizajes?"),
    ("certificate", r"certificates?|certificados?|cert"),
    ("associate", r"associates?|two year degree|2 year degree|titulo de dos anos"),
    ("bachelor", r"bachelors?|four year degree|4 year degree|licenciatura"),
    ("internship", r"internships?|pasantias?|practicas"),
    ("skills_center", r"skills? centers?"),
)


def length_in(text: str, asked: bool = True) -> Wanted | None:
    """“6 months” → short, “two years” → medium, “menos de un año” → short. `asked`: the text answers “how long?”."""
    said = " ".join(words(text))
    if said in ("short", "medium", "long", "any"):
        return said  # type: ignore[return-value]
    if span := _SPAN.search(said):
        amount = int(span[1]) if span[1].isdigit() else _NUMBERS[span[1]]
        unit = span[2]
        months = amount * (12 if unit[0] in "ya" else 1 if unit.startswith(("month", "mes")) else 0.25 if unit[0] in "ws" else 0.03)
        if (_LESS.search(said) and months <= 12) or months < 12:
            return "short"
        return "medium" if months <= 24 and not (_MORE.search(said) and months == 24) else "long"
    if not asked:
        return "short" if re.search(r"\b(quick|short|corto|rapido) (program|training|certificate|programa|curso)", said) else None
    if _ANY.search(said):
        return "any"
    if _LESS.search(said):
        return "short"
    return "long" if _MORE.search(said) else None


def wants_pay(text: str) -> bool:
    return bool(_PAID.search(" ".join(words(text.replace("-", " ")))))


def wants_free(text: str) -> bool:
    return bool(_FREE.search(" ".join(words(text))))


def kind_in(text: str) -> str | None:
    """The kind of program a text names, as a key of KINDS."""
    said = " ".join(words(text.replace("-", " ")))
    return next((kind for kind, pattern in _KINDS if re.search(rf"\b(?:{pattern})\b", said)), None)
