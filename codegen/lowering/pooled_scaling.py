"""The pass that moves a pool before a factor and an addend a channel, into the convolution before them."""

from dataclasses import replace

import numpy as np

from splkit.codegen.graph import Graph, Tensor
from splkit.codegen.lowering.kernels import FALLS, can_fall
from splkit.codegen.lowering.pooled import is_side_by_side, pooled_convolution
from splkit.codegen.lowering.runs import new_index, replace_runs
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.conv_2d import OVER_TIME
from splkit.codegen.operators.rescale import activation_limits


def pool_before_scaling(graph: Graph, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Replaces each convolution over time, the factor, the addend and the pool behind it."""
    return replace_runs(graph, layers, 4, _pooled_before_scaling)


def _pooled_before_scaling(conv: Layer, factor: Layer, addend: Layer, pool: Layer) -> tuple[Layer, ...]:
    """The pool moves before a factor and an addend a channel, as these rise or fall with what they scale."""
    kernels = (OVER_TIME, "spl_mul_channel_s8", "spl_add_channel_s8")
    if (conv.kernel, factor.kernel, addend.kernel) != kernels or not is_side_by_side(pool):
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
    (pooled,) = pooled_convolution(conv, replace(pool, output=first))
    lengths = {"length": pool.fields["output_length"]}
    return (
        replace(pooled, arrays={**conv.arrays, FALLS: CArray("int8_t", falls)}),
        replace(factor, input=first, output=second, fields={**factor.fields, **lengths}),
        replace(addend, input=second, output=pool.output, fields={**addend.fields, **lengths}),
    )


def _pooled(tensor: Tensor, pool: Layer) -> Tensor:
    """What a tensor becomes where the pool comes before it."""
    return replace(tensor, index=new_index(tensor), name=f"{tensor.name} pooled", shape=pool.output.shape)
