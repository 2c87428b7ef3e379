"""Layers as the operators' modules give them -> layers as they are planned and emitted.

The passes stand one a file, and run in the order of `passes`. Those that have one kernel compute a run of
layers come first, so that what lies between the layers never exists as a whole. The last two choose the
kernel of each convolution over time, and of each LSTM. A fused layer stands where its first operator stood,
and keeps that name; the operators that it absorbed stay in the list as views of its output, without code.
"""

from collections.abc import Callable
from functools import partial

from splkit.codegen.graph import Graph
from splkit.codegen.lowering.batches import take_batches
from splkit.codegen.lowering.kernels import choose_kernels
from splkit.codegen.lowering.last_step import keep_last_steps
from splkit.codegen.lowering.pooled import pool_convolutions
from splkit.codegen.lowering.pooled_scaling import pool_before_scaling
from splkit.codegen.lowering.separable import separate_convolutions
from splkit.codegen.lowering.trade import LEAN, Trade
from splkit.codegen.operators.base import Layer

Pass = Callable[[Graph, tuple[Layer, ...]], tuple[Layer, ...]]


def passes(trade: Trade) -> tuple[Pass, ...]:
    """All passes, of which some choose by RAM."""
    return (
        pool_convolutions,
        pool_before_scaling,
        partial(separate_convolutions, chunks=trade.chunks),
        keep_last_steps,
        choose_kernels,
        *((take_batches,) if trade.batches else ()),
    )


def lower(graph: Graph, layers: tuple[Layer, ...], trade: Trade = LEAN) -> tuple[Layer, ...]:
    """The layers after all passes, as many as before."""
    for each in passes(trade):
        layers = each(graph, layers)
    return layers
