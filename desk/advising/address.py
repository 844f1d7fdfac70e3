"""E-mail addresses a student leaves for a reply: read, checked, and shown without giving them away. Pure."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from desk.errors import Invalid

LONGEST = 254
_ADDRESS = r"[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_%+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,24}"
_PROVIDERS = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "comcast.net", "live.com", "aol.com", "msn.com")
"""Where most students and families have their mail."""
_REAL = frozenset({*_PROVIDERS, "mail.com", "email.com", "ymail.com", "me.com", "mac.com"})
"""Near to a provider by their letters, and right."""
_ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "comm": "com", "ogr": "org", "eud": "edu", "nte": "net"}
"""No ending of the right side exists."""
_WHOLE = re.compile(_ADDRESS, re.IGNORECASE)
_WITHIN = re.compile(rf"(?<![\w.%+-]){_ADDRESS}(?![\w-])", re.IGNORECASE)


def read_address(raw: str) -> str:
    """The address, lower case. Raises Invalid with words that say what an address looks like."""
    address = raw.strip().lower()
    if len(address) > LONGEST or not _WHOLE.fullmatch(address) or ".." in address:
        raise Invalid("This is not an e-mail address. It looks like name@example.org.")
    return address


def address_in(text: str) -> str | None:
    """The address somebody wrote into a message; None if there is none, or more than one."""
    found = {match[0].lower() for match in _WITHIN.finditer(text)}
    return found.pop() if len(found) == 1 else None


def shown(address: str) -> str:
    """Enough to know one's own address by: ``m…@example.org``."""
    name, _, place = address.partition("@")
    return f"{name[:1]}…@{place}"


def meant(address: str) -> str | None:
    """What was probably meant where a letter or two went wrong (``ana@gmial.com``); None where nothing looks mistyped."""
    name, _, place = address.partition("@")
    stem, _, ending = place.rpartition(".")
    mended = f"{stem}.{_ENDINGS.get(ending, ending)}"
    if mended not in _REAL:
        near = process.extractOne(mended, _PROVIDERS, scorer=OSA.distance, score_cutoff=2)
        if near and near[1] <= (1 if len(near[0]) < len("gmail.com") else 2):
            mended = near[0]
    return None if mended == place else f"{name}@{mended}"
