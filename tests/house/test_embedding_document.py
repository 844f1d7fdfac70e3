"""docs/embedding.md names every attribute, event, method and colour of the chat, and none that is not there."""

from __future__ import annotations

import re

from tests.house.sources import ROOT

DOCUMENT = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
ELEMENT = (ROOT / "widget" / "advising-chat.js").read_text(encoding="utf-8")
STYLE = (ROOT / "widget" / "style.js").read_text(encoding="utf-8")


def section(title: str) -> str:
    return DOCUMENT.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_every_attribute_is_told_and_exists() -> None:
    told = set(re.findall(r"^\| `([a-z]+)` \|", section("Attributes"), re.MULTILINE))
    watched = re.search(r"observedAttributes = \[(.*?)\]", ELEMENT)
    assert watched
    drawn = set(re.findall(r":host\(\[(\w+)=|:host\(:not\(\[(\w+)=", STYLE))
    known = set(re.findall(r'"(\w+)"', watched[1])) | {name for pair in drawn for name in pair if name}
    set_by_itself = set(re.findall(r'toggleAttribute\("(\w+)"', ELEMENT))
    assert told == known | set_by_itself


def test_every_event_is_told_and_exists() -> None:
    told = set(re.findall(r"advising-chat:(\w+)", section("Events and methods")))
    fired = set(re.findall(r'#fire\("(\w+)"', ELEMENT)) | set(re.findall(r'#fire\(this\.open \? "(\w+)" : "(\w+)"\)', ELEMENT)[0])
    assert told == fired


def test_every_colour_is_told_and_exists() -> None:
    told = set(re.findall(r"`(--[\w-]+)`", section("Attributes")))
    assert told == set(re.findall(r"(--[\w-]+):", STYLE)) - {"--shadow"}
