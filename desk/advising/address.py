"""E-mail addresses a student leaves for a reply: read, checked, and shown without giving them away. Pure."""

from __future__ import annotations

import re

from desk.errors import Invalid

LONGEST = 254
_ADDRESS = r"[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_%+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,24}"
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
