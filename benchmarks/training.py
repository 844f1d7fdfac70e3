"""How long a full training of Rasa takes, from nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import ROOT, run, with_environment

_PATIENCE_S = 600.0


@dataclass(frozen=True)
class Training:
    seconds: float
    examples: int


def train(folder: Path) -> Training:
    """The model goes to `folder`, and so does Rasa's cache: what was trained before is not found there."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {"RASA_CACHE_DIRECTORY": str(folder / "cache")}
    command = ["bot/.venv/bin/python", "-m", "bot.train", "--out", str(folder)]
    return Training(round(run(with_environment(environment, command), ROOT, folder / "train.log", _PATIENCE_S), 2), examples())


def examples(data: Path = ROOT / "data" / "nlu") -> int:
    """Lines that Rasa learns from."""
    return sum(line.lstrip().startswith("- ") and not line.startswith("- ") for path in data.glob("*.yml") for line in path.read_text("utf-8").splitlines())
