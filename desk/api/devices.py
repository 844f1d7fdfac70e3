"""From what a browser says of itself, the one coarse thing that is kept: the class of device. Pure."""

from __future__ import annotations

import re
from typing import Literal

Device = Literal["phone", "tablet", "desktop", "other"]

_TABLET = re.compile(r"iPad|Tablet|Silk|Android(?!.*Mobile)", re.IGNORECASE)
_PHONE = re.compile(r"Mobi|iPhone|iPod|Windows Phone", re.IGNORECASE)
_DESKTOP = re.compile(r"Windows NT|Macintosh|X11|CrOS", re.IGNORECASE)


def device_of(user_agent: str) -> Device:
    """`other`: a program, or a browser that does not say."""
    said = user_agent[:500]
    if _TABLET.search(said):
        return "tablet"
    if _PHONE.search(said):
        return "phone"
    return "desktop" if _DESKTOP.search(said) else "other"
