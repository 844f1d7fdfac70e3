"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    name: str
    cores: int
    processor: str
    memory_gb: float
    system: str
    python: str

    @classmethod
    def here(cls) -> Machine:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
        cores = len(os.sched_getaffinity(0))
        return cls(platform.node() or "unnamed", cores, _processor(), round(memory, 1), platform.platform(), platform.python_version())


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def load() -> float:
    """Processes wanting the processor, averaged over the last minute."""
    return round(os.getloadavg()[0], 2)


def wait_until_quiet(most: float, patience_s: float) -> float:
    """Wait until the load is below `most`, at the longest `patience_s`; returns the load then."""
    end = time.monotonic() + patience_s
    while load() >= most and time.monotonic() < end:
        time.sleep(2)
    return load()
