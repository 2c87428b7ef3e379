"""A model under construction, tensor by tensor and operator by operator."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

zero_points = st.integers(-128, 127)
scales = st.floats(0.004, 0.02)
activations = st.sampled_from([0, 1, 3])  # NONE, RELU, RELU6
seeds = st.integers(0, 2**32 - 1)
paddings = st.sampled_from([0, 1])  # SAME, VALID


class Network:
    """Tensors and operators; the methods give the indices of the tensors that they add."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.rng = np.random.default_rng(draw(seeds))
        self.tensors: list[TensorSpec] = []
        self.operators: list[OperatorSpec] = []

    def activation(self, *shape: int, like: int | None = None, scale: float | None = None) -> int:
        """An int8 activation of random quantization, of another's, or of a given scale."""
        if like is not None:
            other = self.tensors[like]
            return self.add(TensorSpec(shape, scales=other.scales, zero_points=other.zero_points))
        chosen = self.draw(scales) if scale is None else scale
        return self.add(TensorSpec(shape, scales=[chosen], zero_points=[self.draw(zero_points)]))

    def filters(self, *shape: int, axis: int) -> int:
        """Random int8 weights with a scale a channel of `axis`."""
        channels = shape[axis]
        spread = [float(scale) for scale in self.rng.uniform(0.001, 0.01, channels)]
        data = self.rng.integers(-127, 128, shape).astype(np.int8)
        return self.add(TensorSpec(shape, scales=spread, zero_points=[0] * channels, axis=axis, data=data))

    def values(self, *shape: int) -> int:
        """A random int8 constant of random quantization."""
        data = self.rng.integers(-128, 128, shape).astype(np.int8)
        return self.add(
            TensorSpec(shape, scales=[self.draw(scales)], zero_points=[self.draw(zero_points)], data=data)
        )

    def bias(self, channels: int) -> int:
        """A random int32 bias."""
        return self.integers(self.rng.integers(-20000, 20000, channels))

    def integers(self, values: Sequence[int] | NDArray[np.int64]) -> int:
        """An int32 constant, such as axes."""
        data = np.asarray(values, np.int32)
        return self.add(TensorSpec(data.shape, "int32", data=data))

    def add(self, tensor: TensorSpec) -> int:
        """Any tensor."""
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def operator(
        self, kind: str, inputs: Sequence[int], output: int, options_type: str = "NONE", **options: Any
    ) -> int:
        """An operator that writes `output`."""
        self.add_operator(kind, inputs, [output], options_type, **options)
        return output

    def add_operator(
        self,
        kind: str,
        inputs: Sequence[int],
        outputs: Sequence[int],
        options_type: str = "NONE",
        **options: Any,
    ) -> None:
        """An operator with several outputs."""
        self.operators.append(OperatorSpec(kind, inputs, outputs, options_type, options))

    def build(self, result: int | Sequence[int], source: int | Sequence[int] = 0) -> bytes:
        """The file; its input is the tensor that was added first, unless another is named."""
        return build_model(self.tensors, self.operators, source, result)
