"""Two people changed one document: what joins by itself, and what an editor must choose. Pure.

Compared by *piece*: one input, or a list of parts (a checklist's steps) as a whole, because a step moved is not a step changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from desk.editor.fields import Shape, fields_of, leaves_of
from desk.editor.forms import Flat
from desk.editor.naming import label_of, language_of


@dataclass(frozen=True)
class Clash:
    """A piece both changed, each their own way. Texts are as a person reads them; `name` is the piece's."""

    name: str
    label: str
    language: str | None
    base: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Merge:
    """`values`: what both agree on, mine where pieces clash. `joined`: labels of the pieces taken from the other by itself."""

    values: Flat
    clashes: tuple[Clash, ...]
    joined: tuple[str, ...]


def merge(model: type[BaseModel], base: Flat, theirs: Flat, mine: Flat) -> Merge:
    """Three versions into one. Nobody's words are dropped: where only one changed a piece, that one stands."""
    values: Flat = {}
    clashes: list[Clash] = []
    joined: list[str] = []
    for name in _pieces(model, theirs, mine):
        old, other, own = (_of(flat, name) for flat in (base, theirs, mine))
        if other != own and other != old and own != old and not name.startswith("written."):
            clashes.append(Clash(name, label_of(model, name), language_of(name), *(_shown(flat) for flat in (old, other, own))))
        elif other != old and own != other and not name.startswith("written."):
            joined.append(label_of(model, name))
        values.update(own if own != old else other)
    return Merge(values, tuple(clashes), tuple(joined))


def choose(model: type[BaseModel], merged: Flat, theirs: Flat, chosen: dict[str, str]) -> Flat:
    """The merged values with the other's words where the editor chose them (`chosen`: piece → ``theirs`` or ``mine``)."""
    values = dict(merged)
    for name, which in chosen.items():
        if which == "theirs":
            values = {n: text for n, text in values.items() if n not in _of(values, name)} | _of(theirs, name)
    return values


def _pieces(model: type[BaseModel], *versions: Flat) -> list[str]:
    names: list[str] = []
    for field in fields_of(model):
        if field.shape is Shape.MANY:
            names.append(field.name)
        elif field.shape is Shape.WRITTEN:
            names += [f"{field.name}.en", f"{field.name}.es"]
        else:
            names += leaves_of(field)
    return names


def _of(flat: Flat, piece: str) -> Flat:
    found = {name: text for name, text in flat.items() if name == piece or name.startswith(f"{piece}.")}
    return {piece: found[piece]} if piece in found and len(found) > 1 and not _is_parts(found, piece) else found


def _is_parts(found: Flat, piece: str) -> bool:
    return any(name[len(piece) + 1 :].split(".")[0].isdigit() for name in found)


def _shown(flat: Flat) -> str:
    return "\n".join(text for text in flat.values() if text)
