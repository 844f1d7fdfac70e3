"""Does a message ask for a person? What a fitted reading hears, what Rasa hears and what the matcher finds are weighed together.

The wish may stand anywhere in a message that is about something else (“got a weird letter, can u get me someone to look at it”),
and a question about people is no wish (“what does a school counselor do?”).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.matcher import Matcher
from language.text_reader import TextReader

ASKS_FOR_PERSON = "talk_to_human"
ASKED_NOW = ("contact", "status_problem")
"""Facets of that topic by which a person is asked for; the others ask about it (hours, “are you a robot?”)."""
LABELS = OTHER, PERSON = ("other", "person")
PATH = Path(__file__).parent / "person_weights.npz"
WANTED, READER_WEIGHT = 0.3, 2
"""From this mean probability a person is brought; the fitted reading counts twice in it."""


@dataclass(frozen=True)
class Hint:
    """What Rasa understood: the intent's name and its confidence, 0 to 1; `person`: confidence that a person is wanted."""

    intent: str
    confidence: float
    person: float = 0.0


@dataclass(frozen=True)
class Wishes:
    """`reader`: None where no reading was fitted with the encoder in use."""

    reader: TextReader | None

    @classmethod
    def shipped(cls, encoder: str) -> Wishes:
        return cls(TextReader.shipped(PATH, encoder))

    def person_wanted(self, matcher: Matcher, text: str, hint: Hint | None = None, leans: bool = False) -> bool:
        """`leans`: it goes on about a topic (“who can do it?”); then Rasa must hear the wish too."""
        if leans and hint and hint.person < WANTED:
            return False
        match = matcher.match(text)
        asked = sum(s.probability for s in match.scored if s.target.topic == ASKS_FOR_PERSON and s.target.facet in ASKED_NOW)
        found = asked if match.nearness >= matcher.calibration.near else 0.0
        told = [found, found if hint is None else hint.person]
        if self.reader:
            heard = self.reader.read(match.mended, matcher.encode([match.mended])[0])[LABELS.index(PERSON)]
            told += [float(heard)] * READER_WEIGHT
        return sum(told) / len(told) >= WANTED
