"""What a document and its fields are called where people read them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from desk.editor.fields import Field, fields_of

_LANGUAGES = {"en": "English", "es": "Spanish"}
_TITLES = ("question", "title", "title_en", "name", "about", "text", "id")


def title_of(body: Mapping[str, Any], language: str = "en") -> str:
    """The words by which people know a document: its question, title or name."""
    for name in _TITLES:
        value = body.get(f"{name[:-3]}_{language}" if name.endswith("_en") else name)
        text = value.get(language) if isinstance(value, dict) else value
        if text:
            return str(text)
    return ""


def label_of(model: type[BaseModel], name: str) -> str:
    """``steps.0.title.es`` → “Steps 1, Title, Spanish”."""
    field, rest = _found(fields_of(model), name)
    if field is None:
        return name
    label = field.label
    if (part := re.match(r"(\d+)(?:\.|$)", rest)) and field.inner:
        inner, rest = _found(field.inner, rest[part.end() :])
        label = f"{label} {int(part[1]) + 1}" + (f", {inner.label}" if inner else "")
    return f"{label}, {_LANGUAGES[rest]}" if rest in _LANGUAGES else label


def language_of(name: str) -> str | None:
    """The language of the words in an input, if it has one."""
    return next((language for language in _LANGUAGES if name.endswith((f".{language}", f"_{language}"))), None)


def _found(fields: tuple[Field, ...], name: str) -> tuple[Field | None, str]:
    for field in fields:
        if name == field.name or name.startswith(f"{field.name}."):
            return field, name[len(field.name) + 1 :]
    return None, ""
