"""Scripts without what only people need: comments, indentation, blanks around signs. No name changes, no line moves.

Not a minifier: a reader of JavaScript's strings, templates and regular expressions that leaves all of them as they are. A
template over several lines is a style sheet in this house, so it loses its indentation and its spare blanks too.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<template>`)
      | (?P<open>[ \t]*\{[ \t]*) | (?P<close>[ \t]*\}[ \t]*)
      | (?P<sign>[ \t]*(?:=>|[=!]==|&&|\|\||\?\?|[(),;:?=<>|&*\[\]])[ \t]*)
      | (?P<slash>/)
      | (?P<blank>^[ \t]+|[ \t]+$)
      | (?P<word>[\w$#.]+)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_SPARE = re.compile(r"(?<=[{};,:]) +| +(?=\{)|;? +(?=\})|^[ \t]+", re.MULTILINE)
_MAY_END_A_VALUE = re.compile(r"[\w$)\]}\"'`]\s*$")


def lean_script(source: str) -> str:
    """What a browser needs of a module."""
    out: list[str] = []
    at = _code(source, 0, out)
    assert at == len(source), f"a brace too many at character {at}"
    return "".join(out)


def _code(source: str, at: int, out: list[str]) -> int:
    """Copies code up to the brace that closes what is around it, or to the end; says where it stopped."""
    depth = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        kind, text = (found.lastgroup, found[0]) if found else (None, source[at])
        if kind == "template":
            at = _template(source, at + 1, out)
            continue
        if kind == "slash" and not _MAY_END_A_VALUE.search("".join(out[-3:])):
            text = (_PATTERN.match(source, at) or [text])[0]
        depth += (kind == "open") - (kind == "close")
        if depth < 0:
            return at + text.index("}") if text.strip() else at
        out.append("\n" * text.count("\n") if kind in ("comment", "blank") else text.strip(" \t") if kind in ("open", "close", "sign") else text)
        at += len(text)
    return at


def _template(source: str, at: int, out: list[str]) -> int:
    """Copies a template literal from behind its first backtick; code inside it is read as code."""
    out.append("`")
    start = at
    while source[at] != "`":
        if source.startswith("${", at):
            out += [_text(source[start:at]), "${"]
            at = start = _code(source, at + 2, out)
        at += 2 if source[at] == "\\" else 1
    out += [_text(source[start:at]), "`"]
    return at + 1


def _text(text: str) -> str:
    return _SPARE.sub("", text) if "\n" in text else text
