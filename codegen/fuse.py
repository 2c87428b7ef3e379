"""Layers that one kernel computes together, so that what lies between them never exists as a whole.

A fused layer stands where its first operator stood and keeps that name; the operators that it absorbed
stay in the list as views of its output, without code.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from splkit.codegen.graph import Graph, Tensor
from splkit.codegen.layout import FALLS, can_fall, lay_out
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.rescale import activation_limits
from splkit.codegen.separable import (
    new_index,
    operators_of,
    scaled_separable_convolution,
    separable_convolution,
)


def fuse_layers(graph: Graph, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers with every run that a kernel can compute together replaced, as many as before."""
    fused = list(layers)
    _replace_runs(fused, graph, 2, lambda run: _pooled_convolution(*run))
    _replace_runs(fused, graph, 4, lambda run: _pooled_before_scaling(*run))
    _replace_runs(fused, graph, 3, lambda run: separable_convolution(*run))
    _replace_runs(fused, graph, 5, lambda run: scaled_separable_convolution(*run))
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
        outputs = {layer.output.index for layer in run}
        operators = [each for each in operators_of(run) if layers[each.index].output.index in outputs]
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
    if conv.kernel != "spl_conv_1d_s8" or not _is_side_by_side(pool):
        return ()
    window, fields = pool.fields["window"], conv.fields
    low, high = pool.fields["output_min"], pool.fields["output_max"]
    changes = {
        "conv_length": min(fields["conv_length"], pool.fields["output_length"] * window),
        "pool": window,
        "output_min": min(max(fields["output_min"], low), high),
        "output_max": min(max(fields["output_max"], low), high),
    }
    fused = replace(conv, output=pool.output, fields={**fields, **changes}, absorbed=(pool.operator,))
    return (fused,)


def _is_side_by_side(pool: Layer) -> bool:
    if pool.kernel != "spl_max_pool_1d_s8":
        return False
    return pool.fields["stride"] == pool.fields["window"] and pool.fields["padding"] == 0


def _pooled_before_scaling(conv: Layer, factor: Layer, addend: Layer, pool: Layer) -> tuple[Layer, ...]:
    """The pool moves before a factor and an addend a channel, as these rise or fall with what they scale."""
    kernels = ("spl_conv_1d_s8", "spl_mul_channel_s8", "spl_add_channel_s8")
    if (conv.kernel, factor.kernel, addend.kernel) != kernels or not _is_side_by_side(pool):
        return ()
    channels = conv.fields["output_channels"]
    if factor.fields["channels"] != channels or addend.fields["channels"] != channels:
        return ()
    if activation_limits(addend.fields) or activation_limits(pool.fields):
        return ()
    falls = (factor.arrays["factors"].values.astype(np.int64) * addend.fields["sign"] < 0).astype(np.int8)
    if falls.any() and not can_fall(conv, pool.fields["window"]):
        return ()
    first, second = (_pooled(layer.output, pool) for layer in (conv, factor))
    (pooled,) = _pooled_convolution(conv, replace(pool, output=first))
    lengths = {"length": pool.fields["output_length"]}
    return (
        replace(pooled, arrays={**conv.arrays, FALLS: CArray("int8_t", falls)}),
        replace(factor, input=first, output=second, fields={**factor.fields, **lengths}),
        replace(addend, input=second, output=pool.output, fields={**addend.fields, **lengths}),
    )


def _pooled(tensor: Tensor, pool: Layer) -> Tensor:
    """What a tensor becomes where the pool comes before it."""
    return replace(tensor, index=new_index(tensor), name=f"{tensor.name} pooled", shape=pool.output.shape)
