"""Importing a module does nothing: no connection, no file written, no process, no environment read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT, modules

# Runs in a process of its own. Libraries may read files; nobody may write one, open a socket, or start a process.
SHUT = """
import builtins, importlib, io, json, os, socket, subprocess, sys

def shut(*arguments, **named):
    raise AssertionError(f"done at import: {arguments!r}")

def reading(real):
    def opened(file, mode="r", *rest, **named):
        if set(mode) & set("wax+"):
            shut(file, mode)
        return real(file, mode, *rest, **named)
    return opened

names = json.loads(sys.argv[1])
for library in json.loads(sys.argv[2]):
    try:
        importlib.import_module(library)
    except ImportError:
        pass
before = set(os.environ)
for name in ("connect", "bind", "connect_ex", "sendto"):
    setattr(socket.socket, name, shut)
socket.create_connection = socket.getaddrinfo = subprocess.Popen.__init__ = os.system = os.fork = os.mkdir = os.makedirs = os.replace = os.remove = shut
builtins.open, io.open = reading(builtins.open), reading(io.open)
failed = {}
for name in names:
    try:
        importlib.import_module(name)
    except BaseException as error:
        failed[name] = f"{type(error).__name__}: {error}"
if set(os.environ) != before:
    failed["environment"] = sorted(set(os.environ) ^ before)
print(json.dumps(failed))
"""
ROOMS = ("language", "knowledge", "desk", "actions", "evaluation")
OURS = [m.name for m in modules(*ROOMS) if m.path.name != "__main__.py"]
# Libraries come first: what they do at import is not ours to forbid.
LIBRARIES = sorted({name for m in modules(*ROOMS) for name in m.imports() if name.split(".")[0] not in ROOMS})


def import_with_doors_shut(names: list[str], *folders: Path) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-B", "-c", SHUT, json.dumps(names), json.dumps(LIBRARIES)], cwd=ROOT, capture_output=True, text=True, timeout=100,
        env={**os.environ, "DATABASE_URL": "sqlite:////nowhere/at/all.db", "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *folders)))},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    failed: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return failed


def test_importing_every_module_does_nothing() -> None:
    assert import_with_doors_shut(OURS) == {}


def test_the_doors_are_really_shut(tmp_path: Path) -> None:
    """The test above can fail: a module that writes, or connects, is caught."""
    (tmp_path / "writes_at_import.py").write_text("open('x.txt', 'w')\n", encoding="utf-8")
    (tmp_path / "connects_at_import.py").write_text("import socket\nsocket.create_connection(('127.0.0.1', 9))\n", encoding="utf-8")
    failed = import_with_doors_shut(["writes_at_import", "connects_at_import"], tmp_path)
    assert set(failed) == {"writes_at_import", "connects_at_import"}
    assert all("done at import" in said for said in failed.values())


@pytest.mark.parametrize("name", ["desk", "knowledge", "evaluation"])
def test_a_command_line_is_guarded(name: str) -> None:
    text = (ROOT / name / "__main__.py").read_text(encoding="utf-8")
    assert 'if __name__ == "__main__":' in text
