"""What Rasa makes when asked for a new project, as it comes: the bot we compare with."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bots import DefaultBot, NoReply
from benchmarks.messages import DEFAULT_BOT_KNOWS
from benchmarks.processes import ROOT, free_ports, run, running, with_environment

QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "CUDA_VISIBLE_DEVICES": "-1"}
RASA = str(ROOT / "bot" / ".venv" / "bin" / "rasa")
_TRAINING_S, _PATIENCE_S = 900.0, 300.0


class DefaultProject:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        (self._port,) = free_ports(1)
        self._model = "models"

    def ready(self, model: Path | None) -> float | None:
        """With a model that was made so before: use it. Without: `rasa init`, which trains; the seconds it took."""
        if model is None:
            return round(run(with_environment(QUIET, [RASA, "init", "--no-prompt"]), self.folder, self.folder / "init.log", _TRAINING_S), 1)
        self._model = str(model.resolve())
        (self.folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
        (self.folder / "endpoints.yml").write_text("", encoding="utf-8")
        return None

    @property
    def bot(self) -> DefaultBot:
        return DefaultBot(self._port, DEFAULT_BOT_KNOWS)

    @contextmanager
    def running(self) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
        """Its process, and when it was started (time.perf_counter)."""
        command = [RASA, "run", "--enable-api", "--interface", "127.0.0.1", "--port", str(self._port), "--model", self._model]
        begun = time.perf_counter()
        with running(with_environment(QUIET, command), self.folder, self.folder / "run.log") as process:
            yield process, begun

    async def wait_until_up(self, begun: float) -> float:
        """Seconds until it replied. Raises TimeoutError."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                try:
                    async with self.bot.converse() as talk:
                        await talk.say(DEFAULT_BOT_KNOWS[0])
                        return round(time.perf_counter() - begun, 3)
                except NoReply:
                    await asyncio.sleep(0.1)
