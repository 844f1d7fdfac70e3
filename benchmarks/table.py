"""A result as a table a person reads: ours, the default bot's, what must be reached and what is aimed at. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.result import Result

HEAD = ("", "ours", "default bot", "compared", "must", "aim", "")


@dataclass(frozen=True)
class Limit:
    """`must` and `aim` of a figure; `more`: more is better."""

    must: float
    aim: float
    more: bool = False

    def verdict(self, value: float) -> str:
        reached = [value >= limit if self.more else value <= limit for limit in (self.aim, self.must)]
        return "aim reached" if reached[0] else "reached" if reached[1] else "MISSED"

    def words(self, unit: str) -> tuple[str, str]:
        sign = "≥" if self.more else "≤"
        return f"{sign} {self.must:g}{unit}", f"{sign} {self.aim:g}{unit}"


LIMITS = {
    "turn_p50_ratio": Limit(0.9, 0.5),
    "turn_p95_ratio": Limit(1.0, 0.6),
    "turn_growth": Limit(1.2, 1.0),
    "throughput_ratio": Limit(2, 4, more=True),
    "throughput_errors": Limit(0, 0),
    "first_answer_s": Limit(4, 2),
    "start_ratio": Limit(0.35, 0.2),
    "rss_gb": Limit(1.3, 1.0),
    "train_s": Limit(60, 30),
    "train_examples": Limit(3000, 3000, more=True),
    "matcher_p95_ms_400": Limit(25, 8),
    "matcher_p95_ms_10000": Limit(40, 12),
    "streams": Limit(2000, 10000, more=True),
    "stream_delivery_p95_ms": Limit(250, 250),
}


def rows(result: Result) -> list[tuple[str, ...]]:
    ours, default, best = result.ours, result.default, result.best_step
    small, large = result.matcher_400, result.matcher_10000
    tried = ", ".join(str(s.streams) for s in result.stream_steps)
    shown = [
        ("a turn, p50", "turn_p50_ratio", "", f"{ours.turns.p50:.1f} ms", f"{default.turns.p50:.1f} ms"),
        ("a turn, p95", "turn_p95_ratio", "", f"{ours.turns.p95:.1f} ms", f"{default.turns.p95:.1f} ms"),
        (f"turn {ours.late_turn} ÷ turn 5", "turn_growth", "", f"{ours.early_ms:.0f} → {ours.late_ms:.0f} ms", f"{default.early_ms:.0f} → {default.late_ms:.0f} ms"),
        (f"turns a second, {ours.throughput.students} students at once", "throughput_ratio", "", f"{ours.throughput.per_second:.1f}", f"{default.throughput.per_second:.1f}"),
        ("… errors, and turns without Rasa", "throughput_errors", "", f"{ours.throughput.errors} + {result.without_rasa}", f"{default.throughput.errors}"),
        ("start to first right answer", "first_answer_s", " s", f"{result.first_answer_s:.1f} s", ""),
        ("start to all up", "start_ratio", "", f"{ours.start_s:.1f} s", f"{default.start_s:.1f} s"),
        ("memory, all processes", "rss_gb", " GB", f"{ours.memory.alone:.2f} GB", f"{default.memory.alone:.2f} GB"),
        ("full training", "train_s", " s", f"{result.training.seconds:.1f} s", f"{result.default_training_s:.0f} s" if result.default_training_s else ""),
        ("… with examples", "train_examples", "", f"{result.training.examples}", ""),
        (f"matcher alone, p95, {small.entries} entries", "matcher_p95_ms_400", " ms", f"{small.whole.p95:.1f} ms ({small.without_encoding.p95:.1f} without encoding)", ""),
        (f"matcher alone, p95, {large.entries:,} entries", "matcher_p95_ms_10000", " ms", f"{large.whole.p95:.1f} ms ({large.without_encoding.p95:.1f} without encoding)", ""),
        ("event streams held by one desk", "streams", "", f"{best.streams if best.holds else 0} (tried {tried})", ""),
        ("… delivery, p95", "stream_delivery_p95_ms", " ms", f"{best.delivery.p95:.1f} ms", ""),
    ]  # fmt: skip
    headline = result.headline()
    found: list[tuple[str, ...]] = []
    for name, key, unit, mine, theirs in shown:
        limit, value = LIMITS[key], headline[key]
        compared = f"{value:.2f} ×" if key.endswith(("_ratio", "_growth")) else ""
        found.append((name, mine, theirs, compared, *limit.words(unit or (" ×" if compared else "")), limit.verdict(value)))
    return found


def table(result: Result) -> str:
    machine = result.machine
    about = f"{result.made_on}, {machine.name}: {machine.cores} cores ({machine.processor}), load {result.load_at_start} → {result.load_at_end}"
    warning = ["A quick run: too small to prove anything."] if result.quick else []
    return "\n".join([about, *warning, "", *_aligned([HEAD, *rows(result)])])


def _aligned(lines: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
