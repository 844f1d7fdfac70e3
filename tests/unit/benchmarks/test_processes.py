from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import free_ports, run, running, tree, with_environment

PARENT = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], start_new_session=True); time.sleep(60)"
)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_all_that_a_process_started_ends_with_it_also_by_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), running([sys.executable, "-c", PARENT], tmp_path, tmp_path / "log") as process:  # noqa: PT012
        end = time.monotonic() + 10
        while len(family := tree(process.pid)) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        raise KeyboardInterrupt
    assert len(family) == 2
    end = time.monotonic() + 5
    while any(map(alive, family)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(alive, family))
    assert os.getpid() not in family


def test_a_command_that_fails_tells_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no such luck"):
        run([sys.executable, "-c", "raise SystemExit('no such luck')"], tmp_path, tmp_path / "log", 20)


def test_what_is_added_to_the_environment_arrives(tmp_path: Path) -> None:
    command = with_environment({"WAYMARK_TRY": "a b"}, [sys.executable, "-c", "import os; assert os.environ['WAYMARK_TRY'] == 'a b'"])
    assert run(command, tmp_path, tmp_path / "log", 20) > 0


def test_ports_are_free_and_differ() -> None:
    assert len(set(free_ports(5))) == 5
