"""Layers that one kernel computes together, so that what lies between them never exists as a whole.

A fused layer stands where its first operator stood and keeps that name; the operators that it absorbed
stay in the list as views of its output, without code.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from splkit.codegen.graph import Graph
from splkit.codegen.operators import conv_2d, depthwise_conv_2d
from splkit.codegen.operators.base import CArray, Layer
from splkit.fixed_point import INT8_MAX, INT8_MIN

CHUNK = 70
"""Points of a separable convolution that exist at a time: fewer take less RAM, and compute more twice."""


def fuse_layers(graph: Graph, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers with every run that a kernel can compute together replaced, as many as before."""
    fused = list(layers)
    _replace_runs(fused, graph, 2, lambda run: _pooled_convolution(*run))
    _replace_runs(fused, graph, 3, lambda run: _separable_convolution(*run))
    return tuple(fused)


def _replace_runs(
    layers: list[Layer], graph: Graph, length: int, fuse: Callable[[list[Layer]], tuple[Layer, ...]]
) -> None:
    """Puts what `fuse` gives, unless that is nothing, into the places of each run of so many layers."""
    readers = Counter(
        tensor.index for layer in layers if layer.input is not layer.output for tensor in layer.inputs
    )
    readers[graph.output.index] += 1
    for start in range(len(layers)):
        run = [layer for layer in layers[start:] if layer.kernel][:length]
        chained = all(a.output is b.input and readers[a.output.index] == 1 for a, b in pairwise(run))
        if len(run) < length or run[0] is not layers[start] or not chained or not (fused := fuse(run)):
            continue
        operators = [operator for layer in run for operator in (layer.operator, *layer.absorbed)]
        output = fused[-1].output
        rest = [Layer(operator, output, output) for operator in operators[len(fused) :]]
        for operator, layer in zip(operators, [*fused, *rest], strict=True):
            layers[operator.index] = layer


def _pooled_convolution(conv: Layer, pool: Layer) -> tuple[Layer, ...]:
    """A convolution and the maximum of windows side by side: only the largest sum is requantized."""
    if conv.kernel != "spl_conv_1d_s8" or pool.kernel != "spl_max_pool_1d_s8":
        return ()
    window, fields = pool.fields["window"], conv.fields
    if pool.fields["stride"] != window or pool.fields["padding"] != 0:
        return ()
    inputs, outputs, taps = fields["input_channels"], fields["output_channels"], fields["taps"]
    low, high = pool.fields["output_min"], pool.fields["output_max"]
    changes = {
        "conv_length": min(fields["conv_length"], pool.fields["output_length"] * window),
        "pool": window,
        "output_min": min(max(fields["output_min"], low), high),
        "output_max": min(max(fields["output_max"], low), high),
    }
    fused = replace(
        conv,
        output=pool.output,
        fields={**fields, **changes},
        scratch_bytes=conv_2d.scratch_bytes(taps * inputs, outputs, window),
        in_place=taps == 1 and fields["stride"] == 1 and outputs <= window * inputs,
        absorbed=(pool.operator,),
    )
    return (fused,)


def _separable_convolution(conv: Layer, depthwise: Layer, pointwise: Layer) -> tuple[Layer, ...]:
    """A pointwise convolution of one channel, a depthwise and a pointwise one, chunk by chunk.

    Two layers: the extremes of each pool of that one channel, then all the rest.
    """
    kernels = ("spl_conv_1d_s8", "spl_depthwise_conv_1d_s8", "spl_conv_1d_s8")
    if (conv.kernel, depthwise.kernel, pointwise.kernel) != kernels:
        return ()
    one_to_many = all(conv.fields[name] == 1 for name in ("input_channels", "taps", "stride"))
    full_range = (conv.fields["output_min"], conv.fields["output_max"]) == (INT8_MIN, INT8_MAX)
    to_the_right = np.min(conv.arrays["shifts"].values) >= 0
    is_pointwise = pointwise.fields["taps"] == 1 and pointwise.in_place
    if not (one_to_many and full_range and to_the_right and is_pointwise):
        return ()
    extremes = _extremes(conv, depthwise.fields["input_length"])
    operators = [o for layer in (conv, depthwise, pointwise) for o in (layer.operator, *layer.absorbed)]
    chunk = _chunk(pointwise.fields["conv_length"], pointwise.fields["pool"])
    depthwise_bytes = depthwise_conv_2d.scratch_bytes(
        depthwise.fields["input_length"], depthwise.fields["taps"], chunk
    )
    fused = Layer(
        operators[1],
        extremes.output,
        pointwise.output,
        kernel="spl_separable_conv_1d_s8",
        fields={"chunk": chunk},
        parts={
            "depthwise": replace(depthwise, parts={"expansion": _expansion(conv)}),
            "pointwise": pointwise,
        },
        scratch_bytes=max(depthwise_bytes, pointwise.scratch_bytes),
        output_bytes=_room(chunk, depthwise.fields["channels"], pointwise),
        macs=conv.macs + depthwise.macs + pointwise.macs,
        absorbed=tuple(operators[2:]),
    )
    return extremes, fused


def _extremes(conv: Layer, length: int) -> Layer:
    """The smallest and the largest value of each pool of the convolution's input."""
    pool = conv.fields["pool"]
    output = replace(conv.input, index=-1 - conv.operator.index, name="extremes", shape=(1, length, 2))
    fields = {"input_length": conv.fields["input_length"], "output_length": length, "pool": pool}
    return Layer(
        conv.operator, conv.input, output, kernel="spl_extremes_1d_s8", fields=fields, in_place=pool > 1
    )


def _expansion(conv: Layer) -> Layer:
    """The convolution as the depthwise kernel reads it: one weight a channel."""
    offset = conv.fields["output_offset"]
    fields = {"output_zero_point": conv.output.zero_point, "output_offset": offset}
    weights = CArray("int8_t", conv.arrays["weights"].values[:, 0])
    return replace(conv, kernel="spl_expansion_s8", fields=fields, arrays={**conv.arrays, "weights": weights})


def _room(chunk: int, channels: int, pointwise: Layer) -> int:
    """Bytes of the output while chunks are computed where their own outputs will stand."""
    length, pool = pointwise.fields["conv_length"], pointwise.fields["pool"]
    return max(
        first // pool * pointwise.fields["output_channels"] + min(chunk, length - first) * channels
        for first in range(0, length, chunk)
    )


def _chunk(length: int, pool: int) -> int:
    """Points of a chunk, in whole pools: as few chunks as CHUNK allows, all of about one size."""
    pools = -(-length // pool)
    chunks = -(-length // max(CHUNK, pool))
    return -(-pools // chunks) * pool
