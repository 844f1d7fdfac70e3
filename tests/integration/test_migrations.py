"""Migrations can run beside a working old version: they only add, and what they add is optional. (docs/operations.md, “Upgrade”)"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MIGRATIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
TAKES = {
    "drop_table",
    "drop_column",
    "drop_constraint",
    "drop_index",
    "alter_column",
    "rename_table",
    "create_unique_constraint",
    "create_check_constraint",
}


def upgrade_of(path: Path) -> ast.FunctionDef:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade")


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(upgrade_of(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]


def what_it_takes(path: Path) -> list[str]:
    """Operations an old version might not survive: something goes, or something it does not fill becomes required."""
    found = []
    for call in calls(path):
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr in TAKES:
            found.append(call.func.attr)
        if call.func.attr == "add_column" and not _optional(call):
            found.append(f"add_column of a required column: {ast.unparse(call.args[-1])}")
    return found


def _optional(call: ast.Call) -> bool:
    column = call.args[-1]
    assert isinstance(column, ast.Call)
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in column.keywords}
    return given.get("nullable", "True") == "True" or "server_default" in given


@pytest.mark.parametrize("path", [p for p in MIGRATIONS[1:] if "contract" not in p.stem], ids=lambda p: p.stem)
def test_a_migration_takes_nothing_from_a_version_that_still_runs(path: Path) -> None:
    assert what_it_takes(path) == [], "only add now; take away a release later, in a migration named NNNN_contract_…"


def test_the_check_sees_what_it_should(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(
        "def upgrade():\n    op.drop_column('t', 'c')\n    op.add_column('t', sa.Column('n', sa.Integer(), nullable=False))\n"
        "    op.add_column('t', sa.Column('m', sa.Integer(), nullable=False, server_default='0'))\n",
        encoding="utf-8",
    )
    assert [found.split(":")[0] for found in what_it_takes(bad)] == ["drop_column", "add_column of a required column"]
