"""Adding, removing and moving the parts of a document (a checklist's steps) in its flat values. Pure."""

from __future__ import annotations

from pydantic import BaseModel

from desk.editor.fields import Field, Shape, fields_of, leaves_of
from desk.editor.forms import Flat, part_numbers


def moved(model: type[BaseModel], flat: Flat, action: str) -> Flat:
    """`action`: ``part:add:steps``, ``part:remove:steps:2``, ``part:up:steps:2`` or ``part:down:steps:2``; anything else changes nothing."""
    _, what, name, number, *_ = [*action.split(":"), "", "", ""]
    field = next((f for f in fields_of(model) if f.name == name and f.shape is Shape.MANY), None)
    if field is None:
        return flat
    parts = [_part(field, flat, n) for n in part_numbers(field, flat)]
    at = int(number) if number.isdigit() else -1
    if what == "add":
        parts.append({leaf: "" for inner in field.inner for leaf in leaves_of(inner)})
    elif what == "remove" and at in range(len(parts)):
        del parts[at]
    elif what in ("up", "down") and at in range(len(parts)):
        parts.insert(max(0, at + (1 if what == "down" else -1)), parts.pop(at))
    rest = {n: text for n, text in flat.items() if not n.startswith(f"{name}.")}
    return rest | {f"{name}.{n}.{leaf}": text for n, part in enumerate(parts) for leaf, text in part.items()}


def _part(field: Field, flat: Flat, number: int) -> Flat:
    start = f"{field.name}.{number}."
    return {name.removeprefix(start): text for name, text in flat.items() if name.startswith(start)}
