"""Layers as the operators' modules give them -> layers as they are planned and emitted.

The passes stand one a file, and run in the order of `PASSES`. Those that have one kernel compute a run of
layers come first, so that what lies between the layers never exists as a whole. The last one chooses the
kernel of each convolution over time. A fused layer stands where its first operator stood and keeps that name;
the operators that it absorbed stay in the list as views of its output, without code.
"""

from splkit.codegen.graph import Graph
from splkit.codegen.lowering.kernels import choose_kernels
from splkit.codegen.lowering.last_step import keep_last_steps
from splkit.codegen.lowering.pooled import pool_convolutions
from splkit.codegen.lowering.pooled_scaling import pool_before_scaling
from splkit.codegen.lowering.separable import separate_convolutions
from splkit.codegen.operators.base import Layer

PASSES = (
    pool_convolutions,
    pool_before_scaling,
    separate_convolutions,
    keep_last_steps,
    choose_kernels,
)


def lower(graph: Graph, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers after all passes, as many as before."""
    for each in PASSES:
        layers = each(graph, layers)
    return layers
