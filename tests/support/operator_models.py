"""Hypothesis strategies of one-operator models: random shapes, scales, zero points and paddings."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

PADDING = {"SAME": 0, "VALID": 1}
TANH = 4

zero_points = st.integers(-128, 127)
scales = st.floats(0.004, 0.02)
activations = st.sampled_from([0, 1, 3])  # NONE, RELU, RELU6
seeds = st.integers(0, 2**32 - 1)


def _int8(rng: np.random.Generator, *shape: int) -> NDArray[np.int8]:
    return rng.integers(-127, 128, shape).astype(np.int8)


def _bias(rng: np.random.Generator, channels: int) -> NDArray[np.int32]:
    return rng.integers(-20000, 20000, channels).astype(np.int32)


def _weight_scales(rng: np.random.Generator, channels: int) -> list[float]:
    return [float(scale) for scale in rng.uniform(0.001, 0.01, channels)]


def _output_length(length: int, taps: int, stride: int, padding: str) -> int:
    return -(-length // stride) if padding == "SAME" else (length - taps) // stride + 1


@st.composite
def conv(draw: st.DrawFn) -> bytes:
    rng = np.random.default_rng(draw(seeds))
    length, channels, filters = draw(st.integers(1, 40)), draw(st.integers(1, 9)), draw(st.integers(1, 9))
    stride, padding = draw(st.integers(1, 3)), draw(st.sampled_from(list(PADDING)))
    taps = draw(st.integers(1, 7 if padding == "SAME" else min(length, 7)))
    tensors = [
        TensorSpec((1, length, 1, channels), scales=[draw(scales)], zero_points=[draw(zero_points)]),
        TensorSpec((filters, taps, 1, channels), scales=_weight_scales(rng, filters),
                   zero_points=[0] * filters, data=_int8(rng, filters, taps, 1, channels)),
        TensorSpec((filters,), "int32", data=_bias(rng, filters)),
        TensorSpec((1, _output_length(length, taps, stride, padding), 1, filters), scales=[draw(scales)],
                   zero_points=[draw(zero_points)]),
    ]  # fmt: skip
    options = {"StrideH": stride, "StrideW": 1, "Padding": PADDING[padding], "DilationHFactor": 1,
               "DilationWFactor": 1, "FusedActivationFunction": draw(activations)}  # fmt: skip
    return build_model(tensors, [OperatorSpec("CONV_2D", [0, 1, 2], [3], "Conv2DOptions", options)], 0, 3)


@st.composite
def depthwise_conv(draw: st.DrawFn) -> bytes:
    rng = np.random.default_rng(draw(seeds))
    length, channels = draw(st.integers(1, 70)), draw(st.integers(1, 5))
    padding = draw(st.sampled_from(list(PADDING)))
    taps = draw(st.integers(1, 140 if padding == "SAME" else length))
    tensors = [
        TensorSpec((1, length, 1, channels), scales=[draw(scales)], zero_points=[draw(zero_points)]),
        TensorSpec((1, taps, 1, channels), scales=_weight_scales(rng, channels), zero_points=[0] * channels,
                   axis=3, data=_int8(rng, 1, taps, 1, channels)),
        TensorSpec((channels,), "int32", data=_bias(rng, channels)),
        TensorSpec((1, _output_length(length, taps, 1, padding), 1, channels), scales=[draw(scales)],
                   zero_points=[draw(zero_points)]),
    ]  # fmt: skip
    options = {"StrideH": 1, "StrideW": 1, "Padding": PADDING[padding], "DepthMultiplier": 1,
               "DilationHFactor": 1, "DilationWFactor": 1,
               "FusedActivationFunction": draw(activations)}  # fmt: skip
    return build_model(
        tensors, [OperatorSpec("DEPTHWISE_CONV_2D", [0, 1, 2], [3], "DepthwiseConv2DOptions", options)], 0, 3
    )


def _pool(kind: str) -> st.SearchStrategy[bytes]:
    @st.composite
    def model(draw: st.DrawFn) -> bytes:
        length, channels = draw(st.integers(1, 40)), draw(st.integers(1, 9))
        taps, stride, padding = (
            draw(st.integers(1, min(length, 6))),
            draw(st.integers(1, 6)),
            draw(st.sampled_from(list(PADDING))),
        )
        scale, zero_point = draw(scales), draw(zero_points)
        outputs = _output_length(length, taps, stride, padding)
        tensors = [
            TensorSpec((1, points, 1, channels), scales=[scale], zero_points=[zero_point])
            for points in (length, outputs)
        ]
        options = {"StrideH": stride, "StrideW": 1, "FilterHeight": taps, "FilterWidth": 1,
                   "Padding": PADDING[padding], "FusedActivationFunction": draw(activations)}  # fmt: skip
        return build_model(tensors, [OperatorSpec(kind, [0], [1], "Pool2DOptions", options)], 0, 1)

    return model()


max_pool, average_pool = _pool("MAX_POOL_2D"), _pool("AVERAGE_POOL_2D")


@st.composite
def mean(draw: st.DrawFn) -> bytes:
    length, channels, keep = draw(st.integers(1, 90)), draw(st.integers(1, 9)), draw(st.booleans())
    shape, axes = draw(st.sampled_from([((1, length, channels), [1]), ((1, length, 1, channels), [1, 2])]))
    tensors = [
        TensorSpec(shape, scales=[draw(scales)], zero_points=[draw(zero_points)]),
        TensorSpec((len(axes),), "int32", data=np.array(axes, np.int32)),
        TensorSpec((1, *[1] * len(axes), channels) if keep else (1, channels),
                   scales=[draw(scales)], zero_points=[draw(zero_points)]),
    ]  # fmt: skip
    spec = OperatorSpec("MEAN", [0, 1], [2], "ReducerOptions", {"KeepDims": keep})
    return build_model(tensors, [spec], 0, 2)


@st.composite
def fully_connected(draw: st.DrawFn) -> bytes:
    rng = np.random.default_rng(draw(seeds))
    inputs, outputs = draw(st.integers(1, 70)), draw(st.integers(1, 12))
    channels = outputs if draw(st.booleans()) else 1
    input_scale, weight_scales = draw(scales), _weight_scales(rng, channels)
    tensors = [
        TensorSpec((1, inputs), scales=[input_scale], zero_points=[draw(zero_points)]),
        TensorSpec((outputs, inputs), scales=weight_scales, zero_points=[0] * channels,
                   data=_int8(rng, outputs, inputs)),
        # TFLM wants the bias at the scale of the products.
        TensorSpec((outputs,), "int32", scales=[input_scale * weight_scales[0]], data=_bias(rng, outputs)),
        TensorSpec((1, outputs), scales=[draw(scales)], zero_points=[draw(zero_points)]),
    ]  # fmt: skip
    options = {"FusedActivationFunction": draw(activations)}
    return build_model(
        tensors, [OperatorSpec("FULLY_CONNECTED", [0, 1, 2], [3], "FullyConnectedOptions", options)], 0, 3
    )


def _elementwise(kind: str, output_scales: st.SearchStrategy[float]) -> st.SearchStrategy[bytes]:
    @st.composite
    def model(draw: st.DrawFn) -> bytes:
        rng = np.random.default_rng(draw(seeds))
        length, channels = draw(st.integers(1, 40)), draw(st.integers(1, 9))
        shape, size = (1, length, 1, channels), draw(st.sampled_from([1, channels]))
        tensors = [
            TensorSpec(shape, scales=[draw(scales)], zero_points=[draw(zero_points)]),
            TensorSpec(
                (size,), scales=[draw(scales)], zero_points=[draw(zero_points)], data=_int8(rng, size)
            ),
            TensorSpec(shape, scales=[draw(output_scales)], zero_points=[draw(zero_points)]),
        ]
        inputs = [0, 1] if draw(st.booleans()) else [1, 0]
        options = {"FusedActivationFunction": draw(activations)}
        return build_model(
            tensors, [OperatorSpec(kind, inputs, [2], f"{kind.capitalize()}Options", options)], 0, 2
        )

    return model()


mul = _elementwise("MUL", st.floats(0.0008, 0.02))
add = _elementwise("ADD", st.floats(0.004, 0.04))


@st.composite
def lstm(draw: st.DrawFn) -> bytes:
    rng = np.random.default_rng(draw(seeds))
    steps, inputs, cells = draw(st.integers(1, 30)), draw(st.integers(1, 20)), draw(st.integers(1, 14))
    hidden = {"scales": [draw(st.floats(0.003, 0.009))], "zero_points": [draw(zero_points)]}

    def weights(columns: int) -> list[TensorSpec]:
        return [
            TensorSpec((cells, columns), scales=_weight_scales(rng, 1), data=_int8(rng, cells, columns))
            for _ in range(4)
        ]

    tensors = [
        TensorSpec((1, steps, inputs), scales=[draw(scales)], zero_points=[draw(zero_points)]),
        *weights(inputs),
        *weights(cells),
        *(TensorSpec((cells,), "int32", data=_bias(rng, cells)) for _ in range(4)),
        TensorSpec((1, cells), variable=True, **hidden),
        TensorSpec((1, cells), "int16", scales=[2.0 ** -draw(st.integers(9, 16))], variable=True),
        TensorSpec((1, steps, cells), **hidden),
    ]
    slots = [0, *range(1, 9), -1, -1, -1, *range(9, 13), -1, -1, 13, 14, -1, -1, -1, -1]
    options = {"FusedActivationFunction": TANH, "CellClip": draw(st.sampled_from([0.0, 0.5, 10.0]))}
    kind = "UNIDIRECTIONAL_SEQUENCE_LSTM"
    spec = OperatorSpec(kind, slots, [15], "UnidirectionalSequenceLSTMOptions", options)
    return build_model(tensors, [spec], 0, 15)


def _lookup(kind: str) -> st.SearchStrategy[bytes]:
    fixed = {"LOGISTIC": (2.0**-8, -128), "TANH": (2.0**-7, 0)}

    @st.composite
    def model(draw: st.DrawFn) -> bytes:
        shape, source = (1, draw(st.integers(128, 300))), (draw(st.floats(0.004, 0.2)), draw(zero_points))
        other = source if kind == "RELU6" else (draw(st.floats(0.004, 0.2)), draw(zero_points))
        tensors = [
            TensorSpec(shape, scales=[scale], zero_points=[zero_point])
            for scale, zero_point in (source, fixed.get(kind, other))
        ]
        return build_model(tensors, [OperatorSpec(kind, [0], [1])], 0, 1)

    return model()


relu, relu6, quantize = _lookup("RELU"), _lookup("RELU6"), _lookup("QUANTIZE")
logistic, tanh = _lookup("LOGISTIC"), _lookup("TANH")


def _binary(kind: str) -> st.SearchStrategy[bytes]:
    @st.composite
    def model(draw: st.DrawFn) -> bytes:
        shape = (1, draw(st.integers(1, 40)), 1, draw(st.integers(1, 9)))
        tensors = [
            TensorSpec(shape, scales=[draw(scales)], zero_points=[draw(zero_points)]) for _ in range(3)
        ]
        # The second activation is the first at another scale.
        inputs = [0, 1] if draw(st.booleans()) else [1, 0]
        options = {"FusedActivationFunction": draw(activations)}
        operators = [
            OperatorSpec("QUANTIZE", [0], [1]),
            OperatorSpec(kind, inputs, [2], f"{kind.capitalize()}Options", options),
        ]
        return build_model(tensors, operators, 0, 2)

    return model()


add_two, sub_two, mul_two = _binary("ADD"), _binary("SUB"), _binary("MUL")
