"""The pass that has a convolution over time take the maximum of windows side by side itself."""

from dataclasses import replace

from splkit.codegen.graph import Graph
from splkit.codegen.lowering.runs import replace_runs
from splkit.codegen.operators.base import Layer
from splkit.codegen.operators.conv_2d import OVER_TIME


def pool_convolutions(graph: Graph, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Replaces each convolution over time and the pool behind it."""
    return replace_runs(graph, layers, 2, pooled_convolution)


def pooled_convolution(conv: Layer, pool: Layer) -> tuple[Layer, ...]:
    """A convolution and the maximum of windows side by side: only the largest sum is requantized."""
    if conv.kernel != OVER_TIME or not is_side_by_side(pool):
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


def is_side_by_side(pool: Layer) -> bool:
    """Whether a layer is a maximum pool over time whose windows neither overlap nor leave gaps."""
    if pool.kernel != "spl_max_pool_1d_s8":
        return False
    return pool.fields["stride"] == pool.fields["window"] and pool.fields["padding"] == 0
