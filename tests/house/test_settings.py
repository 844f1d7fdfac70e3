"""Every setting stands in .env.example with its default and a plain line, and the reverse."""

from __future__ import annotations

import importlib
import re

import pytest
from pydantic_settings import BaseSettings

from tests.house.sources import ROOT, modules

EXAMPLE = ROOT / ".env.example"
KINDS: list[type[BaseSettings]] = [
    importlib.import_module(m.name).Settings for m in modules("desk", "actions", "knowledge") if m.path.name == "settings.py"
]


def shown() -> dict[str, str]:
    """Names and values of the example file."""
    return dict(line.split("=", 1) for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if re.match(r"[A-Z_]+=", line))


def known() -> set[str]:
    return {name.upper() for kind in KINDS for name in kind.model_fields}


def test_every_room_with_settings_was_found() -> None:
    assert {kind.__module__ for kind in KINDS} == {"desk.settings", "actions.settings", "knowledge.settings"}


def test_every_setting_stands_in_the_example_and_the_reverse() -> None:
    assert set(shown()) == known()


def test_each_stands_there_once_with_a_line_that_explains_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    names = [line.split("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)]
    assert len(names) == len(set(names))
    for before, line in zip(["", *lines], lines, strict=False):
        if re.match(r"[A-Z_]+=", line) and not line.startswith("PORT="):  # the port is explained with the host above it
            assert before.startswith("# "), line
            assert not before.startswith("# ---"), line


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__module__)
def test_the_example_changes_nothing_when_it_is_copied_as_it_is(kind: type[BaseSettings], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in known():
        monkeypatch.delenv(name, raising=False)
    assert kind(_env_file=EXAMPLE) == kind(_env_file=None)  # type: ignore[call-arg]


def test_no_secret_stands_in_the_example() -> None:
    secrets = {name: value for name, value in shown().items() if re.search("SECRET|TOKEN|PASSWORD|KEY", name)}
    assert secrets
    assert set(secrets.values()) <= {"development-only", ""}
