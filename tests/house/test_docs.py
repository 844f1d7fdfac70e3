"""What the documents name exists, and what exists is named: paths, verbs, settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOMS, ROOT
from tests.house.test_settings import known

README = ROOT / "README.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "widget" / "README.md", ROOT / "knowledge" / "content" / "README.md"])
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
# Made by the program, so not in the repository.
MADE = ("var/", ".venv/", ".tools/", "bot/.venv/")
ROOT_FILE = re.compile(r"(?<![\w./-])(?:Makefile|pyproject\.toml|uv\.lock|config\.yml|endpoints\.yml|credentials\.yml|\.env\.example)(?![\w./-])")


def verbs() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def code_of(path: Path) -> str:
    return "\n".join(CODE.findall(path.read_text(encoding="utf-8")))


def named_paths(path: Path) -> set[str]:
    """Paths below our rooms that a document's code parts name; patterns and placeholders left out."""
    rooms = "|".join((*ROOMS, "widget", "docs", "data", r"\.ci"))
    found = re.findall(rf"(?<![\w./:<-])(?:{rooms})/[\w./*<>…{{}}-]*", code_of(path))
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text(encoding="utf-8"))
    here = path.parent
    linked = {(here / link).resolve().relative_to(ROOT).as_posix() for link in links}
    plain = {f.rstrip(".,:/") for f in found if not re.search(r"[*<>…{}]", f)}
    return {p for p in plain | linked if not p.startswith(MADE)}


def test_there_is_a_readme() -> None:
    assert README.exists()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_path_a_document_names_exists(path: Path) -> None:
    missing = {name for name in named_paths(path) if not (ROOT / name).exists() and not (path.parent / name).exists()}
    missing |= {name for name in ROOT_FILE.findall(code_of(path)) if not (ROOT / name).exists()}
    assert missing == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_verb_a_document_names_exists(path: Path) -> None:
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code_of(path))) <= verbs()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_setting_a_document_names_exists(path: Path) -> None:
    named = set(re.findall(r"`([A-Z]{3,}(?:_[A-Z]+)+)(?:=[^`]*)?`", path.read_text(encoding="utf-8")))
    assert named <= known() | {"HTTPS_PROXY"}, named - known()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_module_a_document_runs_exists(path: Path) -> None:
    for name in re.findall(r"python -m ([a-z_.]+)", code_of(path)):
        place = ROOT / name.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), name


def test_every_verb_is_in_the_readme() -> None:
    told = set(re.findall(r"\bmake ([a-z][a-z-]*)", README.read_text(encoding="utf-8")))
    assert verbs() - told == set()


def test_every_room_is_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    rooms = {r for r in (*ROOMS, "widget", "docs", "data") if (ROOT / r).is_dir()}
    assert {room for room in rooms if f"{room}/" not in text} == set()


def test_comments_and_messages_name_only_verbs_that_exist() -> None:
    files = [p for room in (*ROOMS, "widget") for p in (ROOT / room).rglob("*") if p.suffix in {".py", ".sh", ".js", ".conf"}]
    ours = [p for p in files if not {".venv", "node_modules", "__pycache__"} & set(p.parts) and "tests" not in p.parts]
    named = {verb for p in ours for verb in re.findall(r"`make ([a-z][a-z-]*)`", p.read_text(encoding="utf-8"))}
    assert named
    assert named <= verbs()
