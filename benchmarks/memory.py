"""How much memory a set of processes takes, from /proc."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_MAPPING = re.compile(r"^[0-9a-f]+-[0-9a-f]+ \S{4} ([0-9a-f]+) (\S+) (\d+)", re.MULTILINE)
_FIELD = re.compile(r"^(\w+): +(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Memory:
    """Gigabytes. `pss`: each page divided by all processes of the machine that share it. `alone`: what it would be with
    nothing else running: a page of a file counts once and whole, also if a stranger shares it. `rss`: shared pages counted again."""

    alone: float
    pss: float
    rss: float


def of(pids: Iterable[int]) -> Memory:
    """A process that ended meanwhile takes nothing."""
    own = pss = rss = 0
    files: dict[tuple[str, str, str], int] = {}
    for pid in pids:
        try:
            rolled = _fields((Path("/proc") / str(pid) / "smaps_rollup").read_text(encoding="utf-8"))
            maps = (Path("/proc") / str(pid) / "smaps").read_text(encoding="utf-8")
        except (OSError, ProcessLookupError):
            continue
        own += rolled["Pss_Anon"] + rolled["Pss_Shmem"]
        pss += rolled["Pss"]
        rss += rolled["Rss"]
        for place, resident in file_pages(maps):
            files[place] = max(files.get(place, 0), resident)
    return Memory(*(round(kb * 1024 / 1e9, 3) for kb in (own + sum(files.values()), pss, rss)))


def file_pages(smaps: str) -> list[tuple[tuple[str, str, str], int]]:
    """For each mapping of a file: which part of which file, and kB of it in memory that are still the file's."""
    found = []
    heads = list(_MAPPING.finditer(smaps))
    ends = [head.start() for head in heads[1:]] + [len(smaps)]
    for head, end in zip(heads, ends, strict=True):
        offset, device, inode = head.groups()
        if inode != "0":
            fields = _fields(smaps[head.end() : end])
            found.append(((device, inode, offset), fields["Rss"] - fields["Anonymous"]))
    return found


def _fields(text: str) -> dict[str, int]:
    return {name: int(kb) for name, kb in _FIELD.findall(text)}
