"""Does a message lean on what was said before? “how much is it?” does; “how much is Running Start?” does not. Pure."""

from __future__ import annotations

from knowledge.matcher import Match
from language.normalise import fold, words

_LEANS = frozenset("it that this they them those there then same eso esa ese esto esta lo la los las ahi entonces mismo misma".split())
_OPENERS = (
    "and ",
    "what about",
    "how about",
    "and the",
    "ok and",
    "so ",
    "but ",
    "also ",
    "y ",
    "y que",
    "que tal",
    "pero ",
    "tambien ",
    "entonces ",
)
SHORT = 9


def leans_on_topic(text: str, alone: Match, topic: str) -> bool:
    """`alone`: the match of the text by itself. A message that names another topic never leans."""
    if any(named != topic for named in alone.named):
        return False
    said = words(text)
    if topic in alone.named or len(said) > 2 * SHORT:
        return False
    opened = fold(text).lstrip("¿¡ ").startswith(_OPENERS)
    pointing = bool(_LEANS & set(said))
    return opened or pointing or len(said) <= 4 or (len(said) <= SHORT and alone.certainty < 0.6)
