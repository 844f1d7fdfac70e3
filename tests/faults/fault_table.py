"""What was done to the product, what the student saw, and whether a message was lost or doubled: one line a fault."""

from __future__ import annotations

import os
from dataclasses import dataclass

FAULTS: list[Fault] = []


@dataclass(frozen=True)
class Fault:
    """`replied_s`: until the student had a helpful reply; `recovered_s`: until /health said so; None: not measured."""

    done: str
    seen: str
    replied_s: float | None
    recovered_s: float | None
    lost: int
    doubled: int

    def row(self) -> str:
        took = ["–" if s is None else f"{s:.1f} s" for s in (self.replied_s, self.recovered_s)]
        return f"| {self.done} | {self.seen} | {took[0]} | {took[1]} | {self.lost} | {self.doubled} |"


HEAD = "| what was done | what the student saw | first helpful reply after | all well again after | lost | doubled |\n|---|---|---|---|---|---|"


def told() -> str:
    return "\n".join([HEAD, *(fault.row() for fault in FAULTS)])


def within_s(promised: float = 5.0) -> float:
    """The promise holds for a machine that does nothing else; on a busy one everything takes longer by as much."""
    return promised * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
