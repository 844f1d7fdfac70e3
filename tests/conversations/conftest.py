"""The real Rasa and the real action server on free ports, over the loaded knowledge (`make content train` comes first)."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "a token of these tests"
PATIENCE_S = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise TimeoutError(
        f"{url} did not answer within {PATIENCE_S:.0f} s; is the model trained (`make train`) and the content loaded (`make content`)?"
    )


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Rasa's REST webhook, token included."""
    home, actions, port = tmp_path_factory.mktemp("rasa"), free_port(), free_port()
    environment = {
        **os.environ,
        "RASA_TOKEN": TOKEN,
        "ACTIONS_WEBHOOK": f"http://127.0.0.1:{actions}/webhook",
        "RASA_DATABASE_URL": f"sqlite:///{home / 'rasa.db'}",
    }
    commands = [
        [".venv/bin/python", "-m", "actions.serve", "--port", str(actions)],
        ["bot/.venv/bin/python", "-m", "bot.serve", "--port", str(port)],
    ]
    with ExitStack() as stack:
        for number, command in enumerate(commands):
            log = stack.enter_context((home / f"{number}.log").open("wb"))
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
            stack.callback(process.wait, 20)
            stack.callback(process.terminate)
        wait_for(f"http://127.0.0.1:{actions}/health")
        wait_for(f"http://127.0.0.1:{port}/status?token={TOKEN}")
        yield f"http://127.0.0.1:{port}/webhooks/rest/webhook?token={TOKEN}"
