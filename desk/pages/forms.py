"""What a browser posted, as plain values."""

from __future__ import annotations

from fastapi import Request

Form = dict[str, list[str]]


async def posted_form(request: Request) -> Form:
    """Every value of every name; files are not taken."""
    form = await request.form()
    return {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}


def one(form: Form, name: str) -> str:
    """The last value of a name; empty without one."""
    return form.get(name, [""])[-1].strip()


def number(form: Form, name: str) -> int:
    """0 for anything that is none."""
    text = one(form, name)
    return int(text) if text.isdigit() and len(text) < 10 else 0
