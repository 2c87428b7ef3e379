"""Hypothesis strategies of short chains of operators, such as one kernel computes together."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from support.operator_models import activations, scales, seeds, zero_points
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

SAME, VALID = 0, 1
NO_DILATION = {"DilationHFactor": 1, "DilationWFactor": 1}


class Chain:
    """A model under construction: each operator reads what the one before wrote."""

    def __init__(self, draw: st.DrawFn, length: int, channels: int) -> None:
        self.draw, self.length = draw, length
        self.rng = np.random.default_rng(draw(seeds))
        self.tensors = [self._activation(channels)]
        self.operators: list[OperatorSpec] = []
        self.last = 0

    def conv(self, filters: int, taps: int, activation: int) -> "Chain":
        """CONV_2D, SAME."""
        channels = self.tensors[self.last].shape[-1]
        options = {
            "StrideH": 1,
            "StrideW": 1,
            "Padding": SAME,
            **NO_DILATION,
            "FusedActivationFunction": activation,
        }
        return self._filtered("CONV_2D", "Conv2DOptions", options, (filters, taps, 1, channels), axis=0)

    def depthwise(self, taps: int) -> "Chain":
        """DEPTHWISE_CONV_2D, SAME."""
        channels = self.tensors[self.last].shape[-1]
        options = {"StrideH": 1, "StrideW": 1, "Padding": SAME, "DepthMultiplier": 1, **NO_DILATION}
        return self._filtered(
            "DEPTHWISE_CONV_2D", "DepthwiseConv2DOptions", options, (1, taps, 1, channels), axis=3
        )

    def pool(self, window: int, padding: int) -> "Chain":
        """MAX_POOL_2D of windows side by side."""
        source = self.tensors[self.last]
        self.length = -(-self.length // window) if padding == SAME else self.length // window
        options = {"StrideH": window, "StrideW": 1, "FilterHeight": window, "FilterWidth": 1,
                   "Padding": padding, "FusedActivationFunction": self.draw(activations)}  # fmt: skip
        shape = (1, self.length, 1, source.shape[-1])
        self.tensors.append(TensorSpec(shape, scales=source.scales, zero_points=source.zero_points))
        return self._add("MAX_POOL_2D", "Pool2DOptions", options, [self.last])

    def scaled(self) -> "Chain":
        """MUL and ADD of a constant a channel."""
        channels = self.tensors[self.last].shape[-1]
        for kind in ("MUL", "ADD"):
            values = self._int8(channels)
            scale, zero_point = (0.5, 0) if kind == "MUL" else (self.draw(scales), self.draw(zero_points))
            self.tensors += [
                TensorSpec((channels,), scales=[scale], zero_points=[zero_point], data=values),
                self._activation(channels),
            ]
            self._add(kind, f"{kind.title()}Options", {}, [self.last, len(self.tensors) - 2])
        return self

    def build(self) -> bytes:
        """The file."""
        return build_model(self.tensors, self.operators, 0, self.last)

    def _filtered(
        self, kind: str, options_type: str, options: dict[str, int], shape: tuple[int, ...], axis: int
    ) -> "Chain":
        channels = shape[axis]
        weight_scales = [float(scale) for scale in self.rng.uniform(0.001, 0.01, channels)]
        self.tensors += [
            TensorSpec(shape, scales=weight_scales, zero_points=[0] * channels, axis=axis,
                       data=self._int8(*shape)),
            TensorSpec((channels,), "int32", data=self.rng.integers(-9000, 9000, channels).astype(np.int32)),
            self._activation(channels),
        ]  # fmt: skip
        count = len(self.tensors)
        return self._add(kind, options_type, options, [self.last, count - 3, count - 2])

    def _add(self, kind: str, options_type: str, options: dict[str, int], inputs: list[int]) -> "Chain":
        self.last = len(self.tensors) - 1
        self.operators.append(OperatorSpec(kind, inputs, [self.last], options_type, options))
        return self

    def _activation(self, channels: int) -> TensorSpec:
        return TensorSpec(
            (1, self.length, 1, channels), scales=[self.draw(scales)], zero_points=[self.draw(zero_points)]
        )

    def _int8(self, *shape: int) -> NDArray[np.int8]:
        return self.rng.integers(-127, 128, shape).astype(np.int8)


@st.composite
def pooled_conv(draw: st.DrawFn) -> bytes:
    """A convolution and a pool of windows side by side, over 5 columns and under."""
    chain = Chain(draw, draw(st.integers(12, 60)), draw(st.integers(1, 9)))
    chain.conv(draw(st.integers(1, 9)), draw(st.integers(1, 4)), draw(activations))
    return chain.pool(draw(st.integers(1, 12)), draw(st.sampled_from([SAME, VALID]))).build()


@st.composite
def separable(draw: st.DrawFn) -> bytes:
    """One channel into many, pooled or not, filtered one by one, mixed again, pooled or not."""
    paddings, filters = st.sampled_from([SAME, VALID]), st.integers(1, 9)
    chain = Chain(draw, draw(st.integers(20, 240)), 1)
    chain.conv(draw(filters), 1, draw(st.sampled_from([0, 0, 0, 1])))
    if draw(st.booleans()):
        chain.pool(draw(st.integers(1, 4)), draw(paddings))
    chain.depthwise(draw(st.integers(1, 70)))
    chain.conv(draw(filters), 1, draw(activations))
    if draw(st.booleans()):
        chain.pool(draw(st.integers(1, min(7, chain.length))), draw(paddings))
    return chain.build()


@st.composite
def scaled(draw: st.DrawFn) -> bytes:
    """A convolution, a factor and an addend a channel, a pool of windows side by side."""
    chain = Chain(draw, draw(st.integers(12, 60)), draw(st.integers(1, 9)))
    chain.conv(draw(st.integers(1, 9)), draw(st.integers(1, 4)), draw(activations)).scaled()
    return chain.pool(draw(st.integers(1, 7)), draw(st.sampled_from([SAME, VALID]))).build()


@st.composite
def scaled_separable(draw: st.DrawFn) -> bytes:
    """One channel into many, scaled and pooled, filtered one by one, mixed again, scaled or not."""
    filters = st.integers(1, 9)
    chain = Chain(draw, draw(st.integers(20, 240)), 1)
    chain.conv(draw(filters), 1, draw(activations)).scaled().pool(draw(st.integers(1, 4)), VALID)
    chain.depthwise(draw(st.integers(1, 70))).conv(draw(filters), 1, draw(activations))
    if draw(st.booleans()):
        chain.scaled().pool(draw(st.integers(1, min(5, chain.length))), VALID)
    return chain.build()
