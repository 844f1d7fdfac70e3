"""Tries links in the background when somebody at the desk asks for it: one round at a time on a machine, its progress told to all.

The progress is a small file beside what was found, so that every desk process of the machine tells the same.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import threading
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import structlog

from knowledge import links
from language.whole_files import whole

log = structlog.get_logger("desk.links")
SILENT = dt.timedelta(seconds=90)
"""A round that has told nothing for so long died with its desk: one link takes 20 seconds at most."""


@dataclass(frozen=True)
class Progress:
    """`outcomes`: how many of each so far. `ended`: it is over; `trouble`: why nothing was judged. `at`: when this was written."""

    by: str
    count: int
    at: str
    outcomes: dict[str, int] = field(default_factory=dict)
    ended: bool = False
    trouble: str = ""

    @property
    def done(self) -> int:
        return sum(self.outcomes.values())

    def running(self, now: dt.datetime) -> bool:
        return not self.ended and now - dt.datetime.fromisoformat(self.at) < SILENT


class LinkRound:
    """`file`: where what was found is kept (knowledge/links.py). `get` and `pause_s` are replaced by tests."""

    def __init__(self, file: Path, clock: Callable[[], dt.datetime], get: links.Get = links.polite_get, pause_s: float = links.PAUSE_S) -> None:
        self._file, self._clock, self._get, self._pause_s = file, clock, get, pause_s
        self._told = file.with_name(f"{file.stem}-progress.json")
        self._stop, self._one_writer = threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, urls: Collection[str], today: dt.date, by: str) -> bool:
        """False: a round is under way already, here or in another process."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        lock = self._told.with_suffix(".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        started = Progress(by, len(set(urls)), self._clock().isoformat())
        self._tell(started)

        def work() -> None:
            with lock:  # closing it gives it back
                self._go(urls, today, started)

        self._thread = threading.Thread(target=work, name="links", daemon=True)
        self._thread.start()
        return True

    def progress(self) -> Progress | None:
        """The last round; None if there never was one."""
        try:
            return Progress(**json.loads(self._told.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def end(self) -> None:
        """The desk stops: the rest is left alone, what was found is kept."""
        self._stop.set()
        self.wait()

    def wait(self) -> None:
        """Until the round is over."""
        if self._thread is not None:
            self._thread.join()

    def _go(self, urls: Collection[str], today: dt.date, progress: Progress) -> None:
        outcomes: Counter[str] = Counter()

        def seen(one: links.Checked) -> None:
            with self._one_writer:  # hosts are asked side by side
                outcomes[one.outcome] += 1
                self._tell(replace(progress, outcomes=dict(outcomes), at=self._clock().isoformat()))

        trouble = ""
        try:
            links.keep(links.check(urls, today, self._get, links.Manners(self._pause_s, self._stop), seen), self._file)
        except links.NoNetwork as error:
            trouble = str(error)
        except OSError as error:  # the disk, most likely
            trouble = f"What was found could not be kept ({type(error).__name__})."
        self._tell(replace(progress, outcomes=dict(outcomes), at=self._clock().isoformat(), ended=True, trouble=trouble))
        log.info("links_tried", count=sum(outcomes.values()), **outcomes)

    def _tell(self, progress: Progress) -> None:
        with whole(self._told) as file:
            file.write(json.dumps(asdict(progress)).encode())
