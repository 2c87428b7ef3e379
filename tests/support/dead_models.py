"""Hypothesis strategies of layers with dead channels: weights of zero, biases that a converter clipped."""

import numpy as np
from hypothesis import strategies as st
from support.network import Network, activations

CLIPPED = (1 << 30, -(1 << 30), (1 << 30) + 128, -(1 << 30) - 64, (1 << 31) - 1, 70_000, -70_000)


@st.composite
def dead_channels(draw: st.DrawFn) -> bytes:
    """A convolution, a depthwise one or a fully connected layer, some of whose rows are zero."""
    network = Network(draw)
    kind = draw(st.sampled_from(["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"]))
    channels, length = draw(st.integers(2, 8)), draw(st.integers(1, 9))
    dead = network.rng.random(channels) < 0.6
    axis = 3 if kind == "DEPTHWISE_CONV_2D" else 0
    shape = {
        "CONV_2D": (channels, 1, 1, 3),
        "DEPTHWISE_CONV_2D": (1, 3, 1, channels),
        "FULLY_CONNECTED": (channels, 5),
    }[kind]
    weights = network.filters(*shape, axis=axis)
    spec = network.tensors[weights]
    assert spec.data is not None
    np.moveaxis(spec.data, axis, 0)[dead] = 0
    tiny = 10.0 ** network.rng.uniform(-11, -7, channels)
    spec.scales = [
        float(small if is_dead else scale)
        for small, is_dead, scale in zip(tiny, dead, spec.scales, strict=True)
    ]
    bias = network.bias(channels)
    values = network.tensors[bias].data
    assert values is not None
    values[dead] = network.rng.choice(CLIPPED, int(dead.sum()))
    # The file may say of a bias that it has the weights' axis.
    network.tensors[bias].scales, network.tensors[bias].axis = spec.scales, axis
    network.tensors[bias].zero_points = [0] * channels
    options = {"FusedActivationFunction": draw(activations)}
    if kind == "FULLY_CONNECTED":
        source, result = network.activation(1, 5), network.activation(1, channels)
        network.operator(kind, [source, weights, bias], result, "FullyConnectedOptions", **options)
        return network.build(result, source)
    options |= {"StrideH": 1, "StrideW": 1, "Padding": 0, "DilationHFactor": 1, "DilationWFactor": 1}
    inputs = 3 if kind == "CONV_2D" else channels
    source, result = network.activation(1, length, 1, inputs), network.activation(1, length, 1, channels)
    table = "Conv2DOptions" if kind == "CONV_2D" else "DepthwiseConv2DOptions"
    extra = {"DepthMultiplier": 1} if kind == "DEPTHWISE_CONV_2D" else {}
    network.operator(kind, [source, weights, bias], result, table, **options, **extra)
    return network.build(result, source)
