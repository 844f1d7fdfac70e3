"""How long a full training of Rasa takes, from nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

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
    parts = (part for path in data.glob("*.yml") for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"])
    return sum(line.startswith("- ") for part in parts for line in part.get("examples", "").splitlines())
