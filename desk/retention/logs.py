"""Log files on this machine: begun anew every few days, and removed when they are old. Where others keep the logs, nothing is there."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

from desk.retention.schedule import Period


def remove_old(folder: Path, period: Period, now: dt.datetime, dry: bool = False) -> int:
    """Backups whose newest line is older than the period's beginning; returns how many."""
    old = [p for p in folder.glob("*.log.*") if p.stat().st_mtime < period.due(now).timestamp()]
    for path in [] if dry else old:
        path.unlink(missing_ok=True)
    return len(old)


def begin_anew(folder: Path, period: Period, now: dt.datetime) -> int:
    """Move what a log holds into a backup of today, often enough that no line outlives the promise; returns how many logs.

    The file itself stays: the process that writes it keeps it open and goes on at its new end.
    """
    every = dt.timedelta(days=max(1, (period.at_most - period.at_least) // 2))
    moved = 0
    for path in folder.glob("*.log"):
        begun = folder / f".{path.name}.begun"
        if not begun.exists():
            begun.touch()
            os.utime(begun, (now.timestamp(), now.timestamp()))
        if not path.stat().st_size or begun.stat().st_mtime > (now - every).timestamp():
            continue
        backup = path.with_name(f"{path.name}.{now:%Y-%m-%d}")
        try:
            with path.open("rb") as lines, backup.open("xb") as kept:
                shutil.copyfileobj(lines, kept)
        except FileExistsError:
            continue  # another desk process has just done it
        os.truncate(path, 0)
        os.utime(backup, (now.timestamp(), now.timestamp()))
        os.utime(begun, (now.timestamp(), now.timestamp()))
        moved += 1
    return moved
