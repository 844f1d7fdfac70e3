"""What the desk counts, for Prometheus. No label holds anything a student typed."""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10)
TURN_SECONDS = Histogram("waymark_turn_seconds", "From taking up a student's message to its replies being stored", buckets=_BUCKETS)
REPLIES = Counter("waymark_replies_total", "First replies by kind and language", ["status", "language"])
BOT_UNAVAILABLE = Counter("waymark_bot_unavailable_total", "Turns answered from knowledge because Rasa could not")
MAILS = Counter("waymark_mails_total", "E-mails by kind and what became of the try: sent, refused, given_up", ["kind", "outcome"])
STREAMS = Gauge("waymark_streams", "Open event streams", multiprocess_mode="livesum")


def exposition(together: str) -> bytes:
    """What Prometheus reads. `together`: the folder in which all processes of this machine count; empty: this process alone."""
    if not together:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=together)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget_the_dead(together: str) -> None:
    """A killed process leaves its gauges behind: its streams are open no more."""
    for file in Path(together).glob("gauge_live*_*.db") if together else ():
        pid = int(file.stem.rpartition("_")[2])
        if not _lives(pid):
            file.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's, so it lives
    return True
