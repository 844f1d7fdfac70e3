"""The network of language/universal.py as an ONNX model, its weights in 8 bits: 3.5 MB where float32 takes 13 for each sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from language import graphs

CHANNELS = 256  # of every convolution
REACHES = ((2, 0), (3, 1), (5, 2))  # tokens a convolution sees, and how many of them lie before
TINY = 1e-12
_WIDTH = 512  # of a token, and of what comes out


class _Graph:
    """Nodes one after another; each gives the name of what it makes."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.values: list[Any] = []

    def value(self, array: np.ndarray) -> str:
        from onnx import numpy_helper

        self.values.append(numpy_helper.from_array(np.ascontiguousarray(array), f"value{len(self.values)}"))
        return str(self.values[-1].name)

    def several(self, operator: str, count: int, *inputs: str, **details: Any) -> list[str]:
        from onnx import helper

        outputs = [f"made{len(self.nodes)}_{n}" for n in range(count)]
        self.nodes.append(helper.make_node(operator, inputs, outputs, **details))
        return outputs

    def one(self, operator: str, *inputs: str, **details: Any) -> str:
        return self.several(operator, 1, *inputs, **details)[0]

    def times(self, x: str, weights: np.ndarray) -> str:
        columns, rows = weights.shape
        whole, steps = graphs.in_8_bits(np.ascontiguousarray(weights.T))
        return self.one("MatMulNBits", x, self.value(whole), self.value(steps), **graphs.times_8_bits(rows, columns))

    def plus(self, x: str, bias: np.ndarray) -> str:
        return self.one("Add", x, self.value(bias))

    def norm(self, x: str, gain: np.ndarray, shift: np.ndarray) -> str:
        return self.one("LayerNormalization", x, self.value(gain), self.value(shift), axis=-1, epsilon=TINY)

    def convolve(self, x: str, reach: tuple[int, int], weights: np.ndarray, bias: np.ndarray) -> str:
        """Each token with its neighbours, nothing beyond the ends; what went in is added again."""
        (size, before), along = reach, self.value(np.array([0]))
        padded = self.one("Pad", x, self.value(np.array([before, 0, size - 1 - before, 0])))
        ends = [n - size + 1 or np.iinfo(np.int64).max for n in range(size)]
        shifted = [self.one("Slice", padded, self.value(np.array([n])), self.value(np.array([end])), along) for n, end in enumerate(ends)]
        seen = self.times(self.one("Concat", *shifted, axis=-1), weights)
        return self.one("Add", self.one("Relu", self.plus(seen, bias)), x)

    def deepen(self, x: str, through: tuple[np.ndarray, np.ndarray], past: np.ndarray) -> str:
        inner = self.times(self.one("Relu", self.times(x, through[0])), through[1])
        return self.one("Add", self.times(x, past), inner)


def graph(w: Mapping[str, np.ndarray]) -> bytes:
    """``tokens`` float32 (count, 512) and ``count`` float32 (1, 1) to one sentence's vector (1, 512), of no certain length."""
    made = _Graph()
    first, bias, gain, shift = (np.hstack([w[f"{name}{size}"] for size, _ in REACHES]) for name in ("proj", "proj_b", "ln_g", "ln_b"))
    # Each reach has a projection of its own; normalised together, as the network was trained.
    wide = made.norm(made.plus(made.times("tokens", first), bias), gain, shift)
    parts = made.several("Split", len(REACHES), wide, axis=-1, num_outputs=len(REACHES))
    seen = ["tokens"]
    for x, reach in zip(parts, REACHES):
        for layer in (1, 2):
            x = made.convolve(x, reach, w[f"w{layer}_{reach[0]}"], w[f"b{layer}_{reach[0]}"])
        seen.append(x)
    joined = made.norm(made.one("Concat", *seen, axis=-1), w["ln_g"], w["ln_b"])
    total = made.times(made.one("ReduceSum", joined, made.value(np.array([0])), keepdims=1), w["cnn_W"])
    total = made.one("Add", total, made.one("Mul", "count", made.value(w["cnn_b"])))
    x = made.one("Relu", made.deepen(made.one("Div", total, made.one("Sqrt", "count")), (w["d0"], w["d1"]), w["p1"]))
    return _model(made, made.one("Tanh", made.deepen(x, (w["d2"], w["d3"]), w["p3"])))


def _model(made: _Graph, last: str) -> bytes:
    from onnx import TensorProto, helper

    takes = [
        helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["tokens", _WIDTH]),
        helper.make_tensor_value_info("count", TensorProto.FLOAT, [1, 1]),
    ]
    gives = [helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, _WIDTH])]
    versions = [helper.make_opsetid("", 18), helper.make_opsetid(graphs.MICROSOFT, 1)]
    model = helper.make_model(helper.make_graph(made.nodes, "universal", takes, gives, made.values), opset_imports=versions, ir_version=8)
    return bytes(model.SerializeToString())
