"""Hypothesis strategies of layers that take each path of the blocked kernels."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from support.network import Network, activations, paddings
from support.tflite_builder import TensorSpec

DILATION = {"DilationHFactor": 1, "DilationWFactor": 1}


def _outputs(length: int, taps: int, stride: int, padding: int) -> int:
    return -(-length // stride) if padding == 0 else (length - taps) // stride + 1


def _depthwise(
    network: Network,
    points: tuple[int, int],
    taps: tuple[int, int],
    strides: tuple[int, int],
    channels: tuple[int, int],
) -> bytes:
    """One depthwise convolution; `channels` are those of the input and the filters of each."""
    padding, (inputs, multiplier) = network.draw(paddings), channels
    filters = inputs * multiplier
    source = network.activation(1, *points, inputs)
    tensors = [source, network.filters(1, *taps, filters, axis=3), network.bias(filters)]
    high, wide = (_outputs(*each, padding) for each in zip(points, taps, strides, strict=True))
    result = network.activation(1, high, wide, filters)
    options: dict[str, Any] = {"StrideH": strides[0], "StrideW": strides[1], "Padding": padding}
    options |= {"FusedActivationFunction": network.draw(activations), "DepthMultiplier": multiplier}
    network.operator("DEPTHWISE_CONV_2D", tensors, result, "DepthwiseConv2DOptions", **options, **DILATION)
    return network.build(result)


@st.composite
def depthwise_3x3(draw: st.DrawFn) -> bytes:
    """Images as high as takes several blocks of rows."""
    points = draw(st.integers(3, 60)), draw(st.integers(3, 24))
    strides = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    channels = draw(st.integers(1, 3)), draw(st.sampled_from([1, 1, 2]))
    return _depthwise(Network(draw), points, (3, 3), strides, channels)


@st.composite
def depthwise_any(draw: st.DrawFn) -> bytes:
    """Filters of any shape over images, larger ones than those of `image_models`."""
    points = draw(st.integers(5, 40)), draw(st.integers(9, 40))
    taps = draw(st.integers(1, 5)), draw(st.integers(1, 9))
    strides = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return _depthwise(
        Network(draw), points, taps, strides, (draw(st.integers(2, 3)), draw(st.integers(1, 2)))
    )


@st.composite
def strided_over_time(draw: st.DrawFn) -> bytes:
    """Filters over time with a stride or a depth multiplier."""
    length, stride = draw(st.integers(60, 200)), draw(st.integers(1, 4))
    multiplier = draw(st.integers(2 if stride == 1 else 1, 3))
    return _depthwise(
        Network(draw),
        (length, 1),
        (draw(st.integers(1, 60)), 1),
        (stride, 1),
        (draw(st.integers(2, 3)), multiplier),
    )


@st.composite
def short_over_time(draw: st.DrawFn) -> bytes:
    """Filters over time of a few taps, any stride and depth multiplier."""
    length = draw(st.integers(1, 60))
    return _depthwise(
        Network(draw),
        (length, 1),
        (draw(st.integers(1, min(16, length))), 1),
        (draw(st.integers(1, 5)), 1),
        (draw(st.integers(1, 5)), draw(st.sampled_from([1, 1, 2, 3, 5]))),
    )


@st.composite
def one_channel_into_many(draw: st.DrawFn) -> bytes:
    """A depthwise convolution of one channel, which is computed as any other."""
    points = draw(st.integers(4, 12)), draw(st.sampled_from([1, 7, 11]))
    taps = draw(st.integers(1, 4)), draw(st.integers(1, min(points[1], 4)))
    strides = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    return _depthwise(Network(draw), points, taps, strides, (1, draw(st.integers(4, 7))))


@st.composite
def conv_2d_in_groups(draw: st.DrawFn) -> bytes:
    """Windows whose rows are whole groups of four, so that they need no gathering inside of the image."""
    network, padding = Network(draw), draw(paddings)
    points = draw(st.integers(4, 12)), draw(st.integers(4, 12))
    taps, channels = (draw(st.integers(1, 4)),) * 2, draw(st.sampled_from([4, 8]))
    stride, filters = draw(st.integers(1, 3)), draw(st.integers(1, 7))
    source = network.activation(1, *points, channels)
    inputs = [source, network.filters(filters, *taps, channels, axis=0), network.bias(filters)]
    high, wide = (_outputs(length, taps[0], stride, padding) for length in points)
    result = network.activation(1, high, wide, filters)
    options = {"StrideH": stride, "StrideW": stride, "Padding": padding, **DILATION}
    options["FusedActivationFunction"] = draw(activations)
    network.operator("CONV_2D", inputs, result, "Conv2DOptions", **options)
    return network.build(result)


@st.composite
def far_shifts(draw: st.DrawFn) -> bytes:
    """Small weights and factors of about 1, which are shifted to the left: kernels that take any shift."""
    network, channels, is_depthwise = Network(draw), draw(st.integers(2, 4)), draw(st.booleans())
    points, taps = (draw(st.sampled_from([1, 8])), draw(st.integers(3, 30))), 3
    shape = (1, min(points[0], taps), taps, channels)
    if not is_depthwise:
        shape = (channels, *shape[1:])
    source = network.activation(1, *points, channels, scale=0.01)
    weights = TensorSpec(
        shape,
        scales=[0.01] * channels,
        zero_points=[0] * channels,
        axis=3 if is_depthwise else 0,
        data=network.rng.integers(-1, 2, shape).astype(np.int8),
    )
    inputs = [source, network.add(weights), network.integers(network.rng.integers(-9, 10, channels))]
    result = network.activation(1, *points, channels, scale=1e-4 / draw(st.floats(0.5, 1.9)))
    options: dict[str, Any] = {"StrideH": 1, "StrideW": 1, "Padding": 0, **DILATION}
    if is_depthwise:
        kind, name = "DEPTHWISE_CONV_2D", "DepthwiseConv2DOptions"
        options["DepthMultiplier"] = 1
    else:
        kind, name = "CONV_2D", "Conv2DOptions"
    network.operator(kind, inputs, result, name, **options)
    return network.build(result)


@st.composite
def fully_connected_long(draw: st.DrawFn) -> bytes:
    """More inputs than are widened at a time."""
    network, inputs, outputs = Network(draw), draw(st.integers(1000, 1600)), draw(st.integers(4, 9))
    source = network.activation(1, inputs)
    filters = network.filters(outputs, inputs, axis=0)
    result = network.activation(1, outputs, scale=0.1)
    tensors = [source, filters, network.bias(outputs)]
    network.operator("FULLY_CONNECTED", tensors, result, "FullyConnectedOptions")
    return network.build(result)
