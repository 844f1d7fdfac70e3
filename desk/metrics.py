"""What the desk counts, for Prometheus. No label holds anything a student typed."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10)
TURN_SECONDS = Histogram("waymark_turn_seconds", "From taking up a student's message to its replies being stored", buckets=_BUCKETS)
REPLIES = Counter("waymark_replies_total", "First replies by kind and language", ["status", "language"])
BOT_UNAVAILABLE = Counter("waymark_bot_unavailable_total", "Turns answered from knowledge because Rasa could not")
STREAMS = Gauge("waymark_streams", "Open event streams")
