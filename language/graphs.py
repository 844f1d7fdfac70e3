"""Networks run by onnxruntime, one thread each; the graph is made at the first start and kept as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from language.whole_files import whole


def session(make: Callable[[], bytes], path: Path | None) -> Any:
    """An onnxruntime session of the graph kept at `path`, which `make` makes when it is not there yet; without a path at each start."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # A turn is one sentence: threads would only wait for each other, and between turns they would spin.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(_kept(make, path)) if path else make(), options, providers=["CPUExecutionProvider"])


def _kept(make: Callable[[], bytes], path: Path) -> Path:
    if not path.is_file():
        with whole(path, on_disk=True) as file:
            file.write(make())
    return path
