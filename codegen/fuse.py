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
from splkit.codegen.layout import is_pointwise, lay_out
from splkit.codegen.operators import depthwise_conv_2d
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.depthwise_conv_2d import BLOCK
from splkit.codegen.operators.rescale import activation_limits

CHUNK = 45
"""Points of a separable convolution that exist at a time: fewer take less RAM, and compute more twice."""


def fuse_layers(graph: Graph, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers with every run that a kernel can compute together replaced, as many as before."""
    fused = list(layers)
    _replace_runs(fused, graph, 2, lambda run: _pooled_convolution(*run))
    _replace_runs(fused, graph, 3, lambda run: _separable_convolution(*run))
    _keep_last_steps(fused, graph)
    return tuple(lay_out(layer) for layer in fused)


def _replace_runs(
    layers: list[Layer], graph: Graph, length: int, fuse: Callable[[list[Layer]], tuple[Layer, ...]]
) -> None:
    """Puts what `fuse` gives, unless that is nothing, into the places of each run of so many layers."""
    readers = _readers(layers, graph)
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


def _keep_last_steps(layers: list[Layer], graph: Graph) -> None:
    """Has an LSTM write nothing but its last step where nothing else is read."""
    for i, (lstm, view) in enumerate(pairwise(layers)):
        if lstm.kernel != "spl_lstm_s8" or view.kernel or view.input is not lstm.output:
            continue
        step = lstm.fields["cells"]
        only_reader = _readers(layers, graph)[lstm.output.index] == 1
        if only_reader and view.output.size == step and view.view_offset == lstm.output.size - step:
            layers[i] = replace(lstm, output=view.output, fields={**lstm.fields, "output_step": 0})
            layers[i + 1] = Layer(view.operator, view.output, view.output)


def _readers(layers: list[Layer], graph: Graph) -> Counter[int]:
    """How many layers read each tensor, by its index; the caller reads the output."""
    readers = Counter(
        tensor.index for layer in layers if layer.input is not layer.output for tensor in layer.inputs
    )
    readers[graph.output.index] += 1
    return readers


def _pooled_convolution(conv: Layer, pool: Layer) -> tuple[Layer, ...]:
    """A convolution and the maximum of windows side by side: only the largest sum is requantized."""
    if conv.kernel != "spl_conv_1d_s8" or pool.kernel != "spl_max_pool_1d_s8":
        return ()
    window, fields = pool.fields["window"], conv.fields
    if pool.fields["stride"] != window or pool.fields["padding"] != 0:
        return ()
    low, high = pool.fields["output_min"], pool.fields["output_max"]
    changes = {
        "conv_length": min(fields["conv_length"], pool.fields["output_length"] * window),
        "pool": window,
        "output_min": min(max(fields["output_min"], low), high),
        "output_max": min(max(fields["output_max"], low), high),
    }
    fused = replace(conv, output=pool.output, fields={**fields, **changes}, absorbed=(pool.operator,))
    return (fused,)


def _separable_convolution(conv: Layer, depthwise: Layer, pointwise: Layer) -> tuple[Layer, ...]:
    """A pointwise convolution of one channel, a depthwise and a pointwise one, chunk by chunk.

    Two layers: the extremes of each pool of that one channel, then all the rest.
    """
    kernels = ("spl_conv_1d_s8", "spl_depthwise_conv_1d_s8", "spl_conv_1d_s8")
    if (conv.kernel, depthwise.kernel, pointwise.kernel) != kernels:
        return ()
    one_to_many = all(conv.fields[name] == 1 for name in ("input_channels", "taps", "stride"))
    if not (one_to_many and is_pointwise(pointwise)) or activation_limits(conv.fields) or depthwise.clamp:
        return ()
    chunks, room = _chunks(depthwise.fields["channels"], pointwise)
    pointwise = lay_out(pointwise)
    if not pointwise.in_place:
        return ()
    extremes = _extremes(conv, depthwise.fields["input_length"])
    operators = [o for layer in (conv, depthwise, pointwise) for o in (layer.operator, *layer.absorbed)]
    depthwise_bytes = depthwise_conv_2d.scratch_bytes(
        depthwise.fields["input_length"], depthwise.fields["taps"], max(chunks)
    )
    fused = Layer(
        operators[1],
        extremes.output,
        pointwise.output,
        kernel="spl_separable_conv_1d_s8",
        fields={"chunk_count": len(chunks)},
        arrays={"chunks": CArray("int16_t", np.array(chunks, np.int16))},
        parts={
            "depthwise": replace(depthwise, parts={"expansion": _expansion(conv)}),
            "pointwise": pointwise,
        },
        scratch_bytes=max(depthwise_bytes, pointwise.scratch_bytes),
        output_bytes=room,
        clamp=pointwise.clamp,
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


def _chunks(channels: int, pointwise: Layer) -> tuple[list[int], int]:
    """Points of each chunk, in whole pools, and the room that chunks and outputs take together.

    As few chunks as CHUNK allows, the later the smaller: the outputs of those before stand beside them.
    """
    length, pool = pointwise.fields["conv_length"], pointwise.fields["pool"]
    outputs = pointwise.fields["output_channels"]
    count = -(-length // max(CHUNK, pool))
    room = 0
    while True:
        chunks: list[int] = []
        while len(chunks) < count and (left := length - sum(chunks)) > 0:
            rows = (room - sum(chunks) // pool * outputs) // channels
            most = (rows + 1) // BLOCK * BLOCK - 1
            chunks.append(left if most >= left else max(most, 0) // pool * pool)
        if sum(chunks) == length:
            return chunks, room
        room += BLOCK * outputs
