"""What one run found, and the file it is kept in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.delivery import Step
from benchmarks.figures import Spread
from benchmarks.machine import Machine
from benchmarks.matcher_alone import Matching
from benchmarks.memory import Memory
from benchmarks.processes import ROOT
from benchmarks.training import Training
from benchmarks.turn_cost import TurnCost
from benchmarks.turns import Throughput

RESULTS = Path(__file__).parent / "results"
TRIES = ROOT / "var" / "benchmark-quick.json"


@dataclass(frozen=True)
class BotFigures:
    """One bot. `opening`: the first turn of each conversation; `turns`: all of them. `early_ms`, `late_ms`: turns 5 and `late_turn`."""

    start_s: float
    opening: Spread
    turns: Spread
    late_turn: int
    early_ms: float
    late_ms: float
    throughput: Throughput
    memory: Memory

    @property
    def growth(self) -> float:
        return self.late_ms / self.early_ms


@dataclass(frozen=True)
class Result:
    """`quick`: a small run to try things, which proves nothing. `without_rasa`: turns in which the desk had to answer itself."""

    made_on: str
    quick: bool
    machine: Machine
    load_at_start: float
    load_at_end: float
    ours: BotFigures
    default: BotFigures
    first_answer_s: float
    first_start_ever_s: float
    starts_s: list[float]
    without_rasa: int
    training: Training
    default_training_s: float | None
    matcher_400: Matching
    matcher_10000: Matching
    stream_steps: list[Step]
    turn_cost: TurnCost

    @property
    def best_step(self) -> Step:
        """The most streams that were held; the first try, if none was."""
        return max((s for s in self.stream_steps if s.holds), key=lambda s: s.streams, default=self.stream_steps[0])

    def headline(self) -> dict[str, float]:
        """The figures that are promised, by the names they are promised under."""
        ours, default, best = self.ours, self.default, self.best_step
        figures = {
            "turn_p50_ratio": ours.turns.p50 / default.turns.p50,
            "turn_p95_ratio": ours.turns.p95 / default.turns.p95,
            "turn_growth": ours.growth,
            "throughput_ratio": ours.throughput.per_second / default.throughput.per_second,
            "throughput_errors": ours.throughput.errors + self.without_rasa,
            "first_answer_s": self.first_answer_s,
            "start_ratio": ours.start_s / default.start_s,
            "rss_gb": ours.memory.alone,
            "train_s": self.training.seconds,
            "train_examples": self.training.examples,
            "matcher_p95_ms_400": self.matcher_400.whole.p95,
            "matcher_p95_ms_10000": self.matcher_10000.whole.p95,
            "streams": best.streams if best.holds else 0,
            "stream_delivery_p95_ms": best.delivery.p95,
        }
        return {name: round(value, 3) for name, value in figures.items()}

    def as_json(self) -> str:
        data: dict[str, Any] = {"headline": None, **self.headline(), **asdict(self)}
        del data["headline"]
        for name in ("ours", "default"):
            data[name]["throughput"]["per_second"] = getattr(self, name).throughput.per_second
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def keep(result: Result, folder: Path = RESULTS, tries: Path = TRIES) -> Path:
    """Write it under its date and machine, and as the latest; a quick run is no result and goes to `tries`."""
    path = tries if result.quick else folder / f"{result.made_on[:10]}-{result.machine.name}.json"
    for each in [path] if result.quick else [path, folder / "latest.json"]:
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_text(result.as_json(), encoding="utf-8")
    return path
