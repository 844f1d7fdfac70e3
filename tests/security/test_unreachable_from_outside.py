"""Rasa and the action server listen on this machine's loopback alone: another address of the machine gets no answer."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.browser.widget_fake_server import free_port

ROOT = Path(__file__).parents[2]
OTHER = "127.0.0.2"
"""Also this machine. Who listens on every address is reached here too; who listens on 127.0.0.1 is not."""


def connects(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def test_the_check_sees_a_server_that_listens_everywhere() -> None:
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        everywhere.listen()
        assert connects(OTHER, everywhere.getsockname()[1])


def test_the_action_server_is_reached_from_this_machine_only(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "ENCODER": "hashing",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'w.db'}",
        "GAZETTEER_FILE": str(tmp_path / "g"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "actions.serve", "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while not connects("127.0.0.1", port) and time.monotonic() < until and process.poll() is None:
            time.sleep(0.2)
        assert connects("127.0.0.1", port) and not connects(OTHER, port)
    finally:
        process.kill()
        process.wait()
