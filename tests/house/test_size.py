"""Modules and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast

import pytest

from tests.house.sources import Module, modules

MOST_LINES = 260
MOST_LINES_OF_A_FUNCTION = 50
SHIPPED = [m for m in modules() if m.room not in ("tests", "migrations")]


@pytest.mark.parametrize("module", SHIPPED, ids=lambda m: m.place)
def test_a_module_is_not_too_long(module: Module) -> None:
    assert len(module.path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", SHIPPED, ids=lambda m: m.place)
def test_a_function_is_not_too_long(module: Module) -> None:
    functions = [n for n in ast.walk(module.tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = {f.name: (f.end_lineno or 0) - f.lineno + 1 for f in functions if (f.end_lineno or 0) - f.lineno + 1 > MOST_LINES_OF_A_FUNCTION}
    assert long == {}


def test_most_functions_are_short() -> None:
    lengths = sorted(
        (n.end_lineno or 0) - n.lineno + 1 for m in SHIPPED for n in ast.walk(m.tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    assert lengths[len(lengths) // 2] <= 14
