"""How long a full training of Rasa takes, from nothing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.processes import ROOT, run, with_environment
from knowledge.content_files import read_or_raise
from knowledge.schema import Entry

_PATIENCE_S = 600.0
LEAST = 3_000
"""What a training is measured with, though the project needs fewer examples today."""


@dataclass(frozen=True)
class Training:
    seconds: float
    examples: int


def train(folder: Path, least: int = LEAST) -> Training:
    """The model goes to `folder`, and so does Rasa's cache: what was trained before is not found there.

    Learns from all the project has, and from phrasings of the knowledge base beside it until there are `least` examples.
    """
    data = enlarged(folder / "data", least)
    environment = {"RASA_CACHE_DIRECTORY": str(folder / "cache")}
    command = ["bot/.venv/bin/python", "-m", "bot.train", "--out", str(folder), "--data", str(data)]
    return Training(round(run(with_environment(environment, command), ROOT, folder / "train.log", _PATIENCE_S), 2), examples(data / "nlu"))


def enlarged(folder: Path, least: int) -> Path:
    """A copy of data/ in `folder`, with questions to the knowledge base where the examples are too few."""
    shutil.copytree(ROOT / "data", folder, dirs_exist_ok=True)
    missing = least - examples(folder / "nlu")
    if missing > 0:
        asked = [line for entry in read_or_raise().of(Entry).values() for line in entry.phrasings.en][:missing]
        more = {"intent": "ask", "examples": "".join(f"- {line}\n" for line in asked)}
        (folder / "nlu" / "more.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": [more]}, allow_unicode=True), encoding="utf-8")
    return folder


def examples(data: Path = ROOT / "data" / "nlu") -> int:
    """Lines that Rasa learns from."""
    parts = (part for path in data.glob("*.yml") for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"])
    return sum(line.startswith("- ") for part in parts for line in part.get("examples", "").splitlines())
