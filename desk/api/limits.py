"""How often one address or conversation may ask. A sliding window in memory; per process."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from desk.errors import TooMany


class RateLimit:
    """At most `most` calls per `window_s` seconds for each key."""

    def __init__(self, most: int, window_s: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._window, self._clock = most, window_s, clock
        self._calls: dict[str, deque[float]] = {}

    def check(self, key: str) -> None:
        """Raises TooMany with the seconds to wait."""
        now = self._clock()
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - self._window:
            calls.popleft()
        if len(calls) >= self._most:
            wait = int(calls[0] + self._window - now) + 1
            raise TooMany(f"That was a lot at once. Please wait {wait} seconds.", retry_after=wait)
        calls.append(now)
        if len(self._calls) > 50_000:
            self._calls = {k: c for k, c in self._calls.items() if c and c[-1] > now - self._window}
