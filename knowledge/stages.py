"""How long each stage of a message's path takes, counted for Prometheus. Desk and action server share it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from prometheus_client import Histogram

Stage = Literal["intake", "encode", "bot", "knowledge", "store_message", "store_replies", "delivery"]
"""`bot`: asking Rasa, all it does included. `knowledge`: finding and composing the answer. `delivery`: from being stored to
being written to a student's stream."""

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10)
SECONDS = Histogram("waymark_stage_seconds", "One stage of a message's path", ["stage"], buckets=BUCKETS)


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Times what is done within, also when it fails."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        SECONDS.labels(name).observe(time.perf_counter() - begun)
