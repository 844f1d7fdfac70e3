"""Our Python files, read once, for the tests of this folder."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("language", "knowledge", "desk", "actions", "bot", "evaluation", "benchmarks", "deploy", "migrations", "tests")


@dataclass(frozen=True)
class Module:
    """One file: `name` is its dotted name, `room` the first part of it."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        return self.path.relative_to(ROOT).parts[0]

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def imports(self) -> set[str]:
        """Dotted names this file imports, also inside functions."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return found


@cache
def modules(*rooms: str) -> tuple[Module, ...]:
    """Every Python file of these rooms (all, if none is named)."""
    paths = (p for room in rooms or ROOMS for p in sorted((ROOT / room).rglob("*.py")))
    ours = (p for p in paths if not {".venv", "node_modules", "__pycache__"} & set(p.parts))
    return tuple(Module(p, ast.parse(p.read_text(encoding="utf-8"))) for p in ours)


def tops(module: Module) -> set[str]:
    """The first parts of all imports: ``rasa``, ``knowledge`` …"""
    return {name.split(".")[0] for name in module.imports()}
