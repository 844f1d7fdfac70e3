"""A student's words for eyes outside the office: without what tells who they are. Pure.

Messages are masked before they are stored (language/privacy.py). An export goes further: names that people say of
themselves, and web and contact addresses, go too.
"""

from __future__ import annotations

import re

from language.privacy import mask

_NAME = r"[A-ZÁÉÍÓÚÑ][\w'’-]+(?:\s+(?:de|del|la|los|van|von)?\s*[A-ZÁÉÍÓÚÑ][\w'’-]+){0,3}"
_SAYS_NAME = re.compile(
    rf"(?P<says>(?i:\b(?:my\s+(?:full\s+)?name\s+is|my\s+name['’]s|i\s+am\s+called|call\s+me|this\s+is|mi\s+nombre\s+es|me\s+llamo|soy))\s+)(?P<name>{_NAME})"
)
_ADDRESS = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b|\bhttps?://\S+|(?<!\w)@\w{2,30}\b")
_STUDENT_NUMBER = re.compile(r"\b(?:student|sid|school)\s*(?:id|number|no\.?|#)?\s*[:#]?\s*\d{5,}\b", re.IGNORECASE)


def redacted(text: str) -> str:
    """The text with names, addresses and numbers of a person replaced, as in ``[name removed]``."""
    text = mask(text).text
    text = _SAYS_NAME.sub(lambda found: f"{found['says']}[name removed]", text)
    text = _STUDENT_NUMBER.sub("[student number removed]", text)
    return _ADDRESS.sub("[address removed]", text)
