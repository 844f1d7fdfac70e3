"""How long each kind of thing is kept: never shorter than the schedule, never longer than the promise. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from desk.settings import Settings


@dataclass(frozen=True)
class Period:
    """Days. Something goes once it is `at_least` old and must be gone when it is `at_most` old."""

    at_least: int
    at_most: int

    def due(self, now: dt.datetime) -> dt.datetime:
        """What is from before this moment goes now."""
        return now - dt.timedelta(days=self.at_least)

    def broken(self, now: dt.datetime) -> dt.datetime:
        """Whatever is still there from before this moment breaks the promise."""
        return now - dt.timedelta(days=self.at_most)


@dataclass(frozen=True)
class Schedule:
    transcripts: Period
    misses: Period
    audit: Period
    logs: Period

    @classmethod
    def of(cls, settings: Settings) -> Schedule:
        return cls(
            *(
                Period(getattr(settings, f"keep_{kind}_at_least_days"), getattr(settings, f"keep_{kind}_at_most_days"))
                for kind in ("transcripts", "misses", "audit", "logs")
            )
        )
