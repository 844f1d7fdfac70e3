"""Says in plain words, every few seconds, what is being done and how far it is; nothing about what is quick."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY_S = 5.0


def on_screen(words: str) -> None:
    print(words, flush=True)  # also where it goes to a file or another program


@contextmanager
def told(how_far: Callable[[], str], say: Callable[[str], None] = on_screen, every_s: float = EVERY_S) -> Iterator[None]:
    """While the work within goes on, `how_far` is said, with the seconds it has taken."""
    ended, begun = threading.Event(), time.monotonic()

    def speak() -> None:
        while not ended.wait(every_s):
            say(f"{how_far()} … {time.monotonic() - begun:.0f} s so far.")

    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    try:
        yield
    finally:
        ended.set()
        speaker.join()
