"""What changed between two versions, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from pydantic import BaseModel

from desk.editor.forms import Flat
from desk.editor.naming import label_of, language_of

_TOKEN = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """Words that stayed, went or came."""

    what: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True)
class Difference:
    """One input that differs."""

    name: str
    label: str
    language: str | None
    pieces: tuple[Piece, ...]


def differences(model: type[BaseModel], old: Flat, new: Flat) -> list[Difference]:
    """Every input whose words differ, in the order of the form; the days of writing, which the program keeps, aside."""
    names = [name for name in dict.fromkeys([*new, *old]) if not name.startswith("written.")]
    changed = [name for name in names if old.get(name, "") != new.get(name, "")]
    return [Difference(n, label_of(model, n), language_of(n), tuple(words(old.get(n, ""), new.get(n, "")))) for n in changed]


def words(old: str, new: str) -> list[Piece]:
    """The words of both, in reading order. Spaces count, so that the pieces that stayed and came make the new text."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if kind == "equal":
            pieces.append(Piece("same", come))
        else:
            pieces += [Piece(what, text) for what, text in (("gone", gone), ("new", come)) if text]  # type: ignore[arg-type]
    return pieces
