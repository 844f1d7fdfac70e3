"""Networks run by onnxruntime, one thread each; the graph is made at the first start and kept as a file.

Weights rest in 8 bits: each is a whole number times a step that a row's next BLOCK weights share, and so are the values that meet it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from language.whole_files import whole

BLOCK = 64
MICROSOFT = "com.microsoft"
"""The namespace of onnxruntime's own operators."""
_EXACT_SUMS = 4  # multiply whole numbers, add in float32


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


def in_8_bits(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 (rows, columns) → uint8 (rows, blocks, BLOCK) around 128, and the steps, float32 (rows, blocks)."""
    blocks = weight.reshape(len(weight), -1, BLOCK)
    steps = np.maximum(np.abs(blocks).max(-1, keepdims=True) / np.float32(127), np.float32(1e-12))
    return (np.rint(blocks / steps) + 128).astype(np.uint8), steps[..., 0]


def times_8_bits(rows: int, columns: int) -> dict[str, Any]:
    """What the operator MatMulNBits must know of a weight of that shape made by `in_8_bits`."""
    return {"N": rows, "K": columns, "bits": 8, "block_size": BLOCK, "accuracy_level": _EXACT_SUMS, "domain": MICROSOFT}
