"""A module and all it imports as one script, made when it is asked for: one request instead of one a module.

A phone on a slow line would otherwise fetch the chat in three waves. The modules stay files that any web server can serve
as they are; names at the top of a module are unique among them (a test says so), so that they can stand side by side.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\./[\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async |class |const |function)", re.MULTILINE)


def bundle(entry: Path) -> str:
    """The source of `entry` behind that of everything it needs, each module once. What `entry` exports stays exported."""
    sources: dict[Path, str] = {}
    _add(entry, sources, ())
    return "".join(sources.values())


def _add(module: Path, sources: dict[Path, str], above: tuple[Path, ...]) -> None:
    if module in above:
        raise ValueError(f"{module.name} imports itself by way of {above[-1].name}; modules that go round cannot be one script")
    if module in sources:
        return
    source = module.read_text(encoding="utf-8")
    for name in _IMPORT.findall(source):
        _add(module.parent / name, sources, (*above, module))
    source = _IMPORT.sub("", source)
    sources[module] = _EXPORT.sub("", source) if above else source
