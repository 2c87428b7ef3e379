"""One operator a module: `parse` checks it against what its kernel can do, and gives a `Layer`."""

from collections.abc import Callable

from splkit.codegen.graph import Graph, Operator
from splkit.codegen.operators import (
    add,
    concatenation,
    conv_2d,
    depthwise_conv_2d,
    fully_connected,
    lookup,
    mean,
    mul,
    pad,
    pool_2d,
    reshape,
    softmax,
    strided_slice,
    unidirectional_sequence_lstm,
)
from splkit.codegen.operators.base import Layer
from splkit.errors import ModelError

PARSERS: dict[str, Callable[[Operator], Layer]] = {
    "ADD": add.parse,
    "AVERAGE_POOL_2D": pool_2d.parse,
    "CONCATENATION": concatenation.parse,
    "CONV_2D": conv_2d.parse,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d.parse,
    "EXPAND_DIMS": reshape.parse,
    "FULLY_CONNECTED": fully_connected.parse,
    "LOGISTIC": lookup.parse,
    "MAX_POOL_2D": pool_2d.parse,
    "MEAN": mean.parse,
    "MUL": mul.parse,
    "PAD": pad.parse,
    "QUANTIZE": lookup.parse,
    "RELU": lookup.parse,
    "RELU6": lookup.parse,
    "RESHAPE": reshape.parse,
    "SOFTMAX": softmax.parse,
    "SQUEEZE": reshape.parse,
    "STRIDED_SLICE": strided_slice.parse,
    "SUB": add.parse,
    "TANH": lookup.parse,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": unidirectional_sequence_lstm.parse,
}

OPTIONS = {
    "ADD": "AddOptions",
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "CONCATENATION": "ConcatenationOptions",
    "CONV_2D": "Conv2DOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions",
    "MAX_POOL_2D": "Pool2DOptions",
    "MEAN": "ReducerOptions",
    "MUL": "MulOptions",
    "SOFTMAX": "SoftmaxOptions",
    "SQUEEZE": "SqueezeOptions",
    "STRIDED_SLICE": "StridedSliceOptions",
    "SUB": "SubOptions",
    "UNIDIRECTIONAL_SEQUENCE_LSTM": "UnidirectionalSequenceLSTMOptions",
}
"""The options without which TFLM does not know what an operator does; others have none that count."""


def parse_graph(graph: Graph) -> tuple[Layer, ...]:
    """Checks every operator and gives its layer. Raises `ModelError` for one that cannot be exported."""
    layers = []
    for operator in graph.operators:
        if operator.kind not in PARSERS:
            raise ModelError(
                f"operators are among {', '.join(PARSERS)}",
                found=operator.label,
                next_step="change that layer and convert again, or see docs/operators.md",
            )
        if len(operator.outputs) != 1 or not operator.inputs:
            raise ModelError(
                "an operator has inputs and one output",
                found=f"{len(operator.inputs)} and {len(operator.outputs)} in {operator.label}",
                next_step="convert again",
            )
        expected = OPTIONS.get(operator.kind, operator.options_type)
        if operator.options_type != expected:
            raise ModelError(
                f"{operator.kind} comes with {expected}",
                found=f"{operator.options_type} in {operator.label}",
                next_step="convert again",
            )
        layers.append(PARSERS[operator.kind](operator))
    return tuple(layers)
