"""Networks run by onnxruntime, one thread each; the graph is made at the first start and kept as a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def session(make: Callable[[], bytes], path: Path | None) -> Any:
    """An onnxruntime session of the graph kept at `path`, which `make` makes when it is not there yet; without a path at each start."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # A turn is one sentence: threads would only wait for each other, and between turns they would spin.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(_kept(make, path)) if path else make(), options, providers=["CPUExecutionProvider"])


def _kept(make: Callable[[], bytes], path: Path) -> Path:
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".half-", delete=False) as half:
            half.write(make())
            half.flush()
            os.fsync(half.fileno())
        os.replace(half.name, path)  # whole or not at all, also if two processes do it at once
    return path
