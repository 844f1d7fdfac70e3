"""A student's words before anything keeps them: cleaned, secrets masked, read for danger. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from desk.advising.address import address_in
from desk.errors import Invalid, TooLarge
from knowledge.schema import Language
from language.detect import detect
from language.normalise import clean
from language.privacy import mask
from language.safety import Finding
from language.safety import detect as detect_danger


@dataclass(frozen=True)
class Intake:
    """`text` is safe to store. `masked`: kinds of secrets removed. `danger`: a crisis or safety finding.

    `address`: the one e-mail address that was in it, for a student who asked for a person.
    """

    text: str
    language: Language
    masked: tuple[str, ...]
    danger: Finding | None
    address: str | None = None


def take_in(raw: str, before: Language, limit: int) -> Intake:
    """Raises Invalid or TooLarge with words a student understands; the widget keeps the text for another try."""
    if len(raw) > limit:
        raise TooLarge(f"This message has {len(raw):,} characters; please send at most {limit:,} at a time.", limit=limit)
    text = clean(raw)
    if not text:
        raise Invalid("The message is empty. Please write a few words.")
    masked = mask(text)
    return Intake(masked.text, detect(masked.text, before), masked.found, detect_danger(text), address_in(text))


def take_in_comment(raw: str) -> str:
    """A comment on an answer, with the same care as a message."""
    return mask(clean(raw)).text
