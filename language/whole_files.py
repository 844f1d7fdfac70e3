"""Files that are whole or not there, whoever reads or writes them in the same moment."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path, on_disk: bool = False) -> Iterator[BinaryIO]:
    """A file to write, which gets its name when all is written; until then, and after an error, the old one stays.

    `on_disk`: it outlives a power cut, which takes some milliseconds more.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".half-{path.name}-{os.getpid()}-{threading.get_ident()}")
    try:
        with half.open("wb") as file:
            yield file
            if on_disk:
                file.flush()
                os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
