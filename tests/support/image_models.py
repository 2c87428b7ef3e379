"""Hypothesis strategies of convolutions and pools over height and width, either of which may be 1."""

from typing import Any

from hypothesis import strategies as st
from support.network import Network, activations, paddings


def _extent(draw: st.DrawFn, padding: int) -> tuple[int, int, int, int]:
    """Length, taps, stride and output length along one axis."""
    length = draw(st.one_of(st.just(1), st.integers(1, 14)))
    taps = draw(st.integers(1, 6 if padding == 0 else min(length, 6)))
    stride = draw(st.integers(1, 4))
    outputs = -(-length // stride) if padding == 0 else (length - taps) // stride + 1
    return length, taps, stride, outputs


def _windowed(network: Network) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int], dict[str, Any]]:
    """Input, taps and output along height and width, and the options that both kinds have."""
    padding = network.draw(paddings)
    high, wide = _extent(network.draw, padding), _extent(network.draw, padding)
    options = {
        "StrideH": high[2],
        "StrideW": wide[2],
        "Padding": padding,
        "FusedActivationFunction": network.draw(activations),
    }
    return (high[0], wide[0]), (high[1], wide[1]), (high[3], wide[3]), options


@st.composite
def conv_2d(draw: st.DrawFn) -> bytes:
    network, channels, filters = Network(draw), draw(st.integers(1, 6)), draw(st.integers(1, 6))
    points, taps, outputs, options = _windowed(network)
    source = network.activation(1, *points, channels)
    inputs = [source, network.filters(filters, *taps, channels, axis=0), network.bias(filters)]
    result = network.activation(1, *outputs, filters)
    options |= {"DilationHFactor": 1, "DilationWFactor": 1}
    network.operator("CONV_2D", inputs, result, "Conv2DOptions", **options)
    return network.build(result)


@st.composite
def depthwise_2d(draw: st.DrawFn) -> bytes:
    network, channels, multiplier = Network(draw), draw(st.integers(1, 6)), draw(st.integers(1, 3))
    points, taps, outputs, options = _windowed(network)
    filters = channels * multiplier
    source = network.activation(1, *points, channels)
    inputs = [source, network.filters(1, *taps, filters, axis=3), network.bias(filters)]
    result = network.activation(1, *outputs, filters)
    options |= {"DilationHFactor": 1, "DilationWFactor": 1, "DepthMultiplier": multiplier}
    network.operator("DEPTHWISE_CONV_2D", inputs, result, "DepthwiseConv2DOptions", **options)
    return network.build(result)


@st.composite
def _pool(draw: st.DrawFn, kind: str) -> bytes:
    network, channels = Network(draw), draw(st.integers(1, 6))
    points, taps, outputs, options = _windowed(network)
    source = network.activation(1, *points, channels)
    result = network.activation(1, *outputs, channels, like=source)
    options |= {"FilterHeight": taps[0], "FilterWidth": taps[1]}
    network.operator(kind, [source], result, "Pool2DOptions", **options)
    return network.build(result)


max_pool_2d, average_pool_2d = _pool("MAX_POOL_2D"), _pool("AVERAGE_POOL_2D")
