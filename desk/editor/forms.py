"""A document as the flat values of a form, and back. Pure.

Flat values are strings by dotted name: ``answer.en``, ``steps.0.title.es``; lists hold one item a line, a tick is ``true``
or empty. They are what a form posts, what two versions are compared by, and what a merge is made of.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from desk.editor.fields import BILINGUAL, Field, Shape, fields_of, is_dated, leaves_of
from knowledge.schema import LANGUAGES, Document, FactKind
from knowledge.store import Body, body_of

Flat = dict[str, str]
STATED = ("value", "value.en", "value.es", "as_of", "valid_until", "source")
"""What is looked up again when a fact is checked."""
_LISTS = frozenset({Shape.LINES, Shape.CHOICES})
_FIGURES = frozenset({FactKind.AMOUNT.value, FactKind.NUMBER.value, FactKind.PERCENT.value})
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_PLAIN = {
    "missing": "is missing", "string_too_short": "is empty", "too_short": "needs more", "string_type": "is missing", "extra_forbidden": "does not belong here",
    "date_from_datetime_parsing": "is not a day; write it as 2026-11-27", "date_parsing": "is not a day; write it as 2026-11-27",
    "int_parsing": "is not a whole number", "float_parsing": "is not a number", "date_type": "is missing",
}  # fmt: skip


def flat_of(model: type[BaseModel], body: Mapping[str, Any]) -> Flat:
    """The values a form shows for a document; fields it lacks show their default."""
    flat: Flat = {}
    for field in fields_of(model):
        value = body.get(field.name, _default(model, field))
        flat.update({f"{field.name}{rest}": text for rest, text in _texts(field, value)})
    return flat


def body_from(model: type[BaseModel], flat: Mapping[str, str]) -> Body:
    """Plain data for the model. What is empty and may be missing is left out; nothing typed is."""
    body: Body = {}
    for field in fields_of(model):
        value = _value(field, flat)
        if value not in (None, "", []) or (field.required and field.shape is Shape.LINES):
            body[field.name] = value
    return body


def posted(fields: tuple[Field, ...], form: Mapping[str, list[str]]) -> Flat:
    """What a browser sent: several ticks of one name are several lines, line ends are made one kind. Days of writing are not asked."""
    asked = [field for field in fields if field.shape is not Shape.WRITTEN]
    names = [name for field in asked for name in (_parts(field, form) if field.shape is Shape.MANY else leaves_of(field))]
    return {name: "\n".join(_clean(text) for text in form.get(name, [])) for name in names}


def read(model: type[Document], flat: Mapping[str, str]) -> tuple[Document | None, list[tuple[str, str]]]:
    """The document these values make; or none, and (field, what is wrong with it)."""
    try:
        return model.model_validate(body_from(model, flat)), []
    except ValidationError as error:
        found = error.errors()
        deeper = {e["loc"][:1] for e in found if len(e["loc"]) > 1}  # a list with a faulty part is not too short as well
        told = [e for e in found if e["type"] != "too_short" or e["loc"] not in deeper]
        return None, [(".".join(map(str, e["loc"])) or "document", _words(e["type"], e["msg"], e.get("input"), e.get("ctx", {}))) for e in told]


def whole(model: type[Document], body: Mapping[str, Any]) -> Body:
    """The body as it would be stored if it is a document, else as it is: so that equal texts have equal bodies."""
    try:
        return body_of(model.model_validate(body))
    except ValidationError:
        return dict(body)


def redated(model: type[Document], before: Flat, after: Flat, today: dt.date, spanish_fits: bool = False) -> Flat:
    """The new values, with the day each language was last written: today, where its words changed or it is new.

    `spanish_fits`: the editor says that the Spanish still says the same, although only the English changed.
    """
    if not is_dated(model):
        return after
    dated = {**after}
    for language in LANGUAGES:
        name = f"written.{language}"
        changed = any(name_.endswith(f".{language}") and before.get(name_, "") != text for name_, text in after.items() if _prose(model, name_))
        dated[name] = today.isoformat() if changed or not before.get(name) else before[name]
    if spanish_fits:
        dated["written.es"] = today.isoformat()
    return dated


def rechecked(before: Flat, after: Flat, today: dt.date) -> Flat:
    """The new values, with what follows from a fact's new figure unless something else is said: it was checked today, and a
    day that was its own last day is so still."""
    if "value" not in after or not any(after.get(name, "") != before.get(name, "") for name in STATED):
        return after
    as_before = [name for name in ("checked_on", "valid_until") if after.get(name, "") == before.get(name, "")]
    own_last_day = after.get("type") == FactKind.DATE and before.get("value", "") == before.get("valid_until", "")
    follows = {"checked_on": today.isoformat(), **({"valid_until": after["value"]} if own_last_day else {})}
    return {**after, **{name: text for name, text in follows.items() if name in as_before}}


def _prose(model: type[Document], name: str) -> bool:
    """Does this input hold words that students read, not a way of asking?"""
    field = next((f for f in fields_of(model) if name == f.name or name.startswith(f"{f.name}.")), None)
    return field is not None and field.shape in (Shape.TEXT, Shape.MANY)


def _parts(field: Field, form: Mapping[str, Any]) -> Iterator[str]:
    for number in part_numbers(field, form):
        yield from (f"{field.name}.{number}.{name}" for inner in field.inner for name in leaves_of(inner))


def part_numbers(field: Field, flat: Mapping[str, Any]) -> list[int]:
    """The numbers of the parts that stand in flat values, in order."""
    found = {int(m[1]) for name in flat if (m := re.match(rf"{field.name}\.(\d{{1,3}})\.", name))}
    return sorted(found)


def _texts(field: Field, value: Any) -> Iterator[tuple[str, str]]:
    if field.shape is Shape.MANY:
        for number, part in enumerate(value or ()):
            for inner in field.inner:
                yield from ((f".{number}.{inner.name}{rest}", text) for rest, text in _texts(inner, part.get(inner.name)))
    elif field.shape in BILINGUAL or field.shape is Shape.WRITTEN or isinstance(value, dict):
        if field.shape is Shape.VALUE:
            yield "", ""
        given = value if isinstance(value, dict) else {}
        yield from ((f".{language}", _text(given.get(language))) for language in LANGUAGES)
    else:
        yield "", _text(value)
        if field.shape is Shape.VALUE:
            yield from ((f".{language}", "") for language in LANGUAGES)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, (list, tuple)):
        return "\n".join(map(_text, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(getattr(value, "value", value)).strip()


def _value(field: Field, flat: Mapping[str, str]) -> Any:
    if field.shape is Shape.MANY:
        numbers = part_numbers(field, flat)
        parts = [{f.name: v for f in field.inner if (v := _value(_within(field, n, f), flat)) not in (None, "", [])} for n in numbers]
        return [part for part in parts if part]
    if field.shape in BILINGUAL or field.shape is Shape.WRITTEN:
        texts = {language: flat.get(f"{field.name}.{language}", "").strip() for language in LANGUAGES}
        if field.shape is Shape.TWO_LINES:
            return {language: _lines(text) for language, text in texts.items() if _lines(text)} or ({} if field.required else None)
        return texts if any(texts.values()) or field.required else None
    text = flat.get(field.name, "").strip()
    if field.shape in _LISTS:
        return _lines(text)
    if field.shape is Shape.TICK:
        return text == "true"
    return _fact_value(field, text, flat) if field.shape is Shape.VALUE else text


def _within(field: Field, number: int, inner: Field) -> Field:
    return Field(f"{field.name}.{number}.{inner.name}", inner.shape, inner.label, required=inner.required)


def _fact_value(field: Field, text: str, flat: Mapping[str, str]) -> Any:
    """A figure becomes a number, so that the schema can tell it from words."""
    texts = {language: flat.get(f"{field.name}.{language}", "").strip() for language in LANGUAGES}
    if any(texts.values()):
        return texts
    if flat.get("type") in _FIGURES and _NUMBER.fullmatch(text.replace(",", "")):
        number = float(text.replace(",", ""))
        return int(number) if number.is_integer() else number
    return text


def _default(model: type[BaseModel], field: Field) -> Any:
    info = model.model_fields[field.name]
    value = None if info.is_required() else info.get_default(call_default_factory=True)
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _words(kind: str, message: str, given: Any, context: Mapping[str, Any]) -> str:
    if kind in ("enum", "literal_error"):
        return f"“{given}” is none of {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"“{given}” has characters that may not stand here"
    return _PLAIN.get(kind) or message.removeprefix("Value error, ")
