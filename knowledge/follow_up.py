"""Does a message lean on what was said before? “how much is it?” does; “how much is Running Start?” does not. Pure."""

from __future__ import annotations

from knowledge.index import OUT_OF_SCOPE
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
SHORT, SURELY_OTHER = 9, 0.7
_FILLERS = frozenset("and what how about the for ok so but also i meant mean no wait actually y que tal para el la de pero digo quise decir".split())


def leans_on_topic(text: str, alone: Match, topic: str) -> bool:
    """`alone`: the match of the text by itself. A message that names another topic, or is surely about nothing we know, never leans."""
    if any(named != topic for named in alone.named):
        return False
    said = words(text)
    if topic in alone.named or len(said) > 2 * SHORT:
        return False
    if alone.topic == OUT_OF_SCOPE and alone.nearness >= SURELY_OTHER and len(said) > 4:
        return False
    opened = fold(text).lstrip("¿¡ ").startswith(_OPENERS)
    pointing = bool(_LEANS & set(said))
    return opened or pointing or len(said) <= 4 or (len(said) <= SHORT and alone.certainty < 0.6)


def same_question_of(text: str, alone: Match, topic: str | None) -> str | None:
    """“what about the WASFA?”: the other topic whose same facet is meant; None if the message asks more than that."""
    others = [named for named in alone.named if named != topic]
    if len(others) != 1:
        return None
    left = [w for w in words(text) if w not in alone.about_names and w not in _FILLERS]
    return others[0] if not left else None
