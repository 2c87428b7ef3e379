"""One operator a module: `parse` checks it against what its kernel can do, and gives a `Layer`."""

from collections.abc import Callable

from splkit.codegen.graph import Graph, Operator
from splkit.codegen.operators import (
    add,
    binary,
    conv_2d,
    depthwise_conv_2d,
    fully_connected,
    lookup,
    mean,
    mul,
    pool_2d,
    reshape,
    strided_slice,
    unidirectional_sequence_lstm,
)
from splkit.codegen.operators.base import Layer
from splkit.errors import ModelError

PARSERS: dict[str, Callable[[Operator], Layer]] = {
    "ADD": add.parse,
    "AVERAGE_POOL_2D": pool_2d.parse,
    "CONV_2D": conv_2d.parse,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d.parse,
    "EXPAND_DIMS": reshape.parse,
    "FULLY_CONNECTED": fully_connected.parse,
    "LOGISTIC": lookup.parse,
    "MAX_POOL_2D": pool_2d.parse,
    "MEAN": mean.parse,
    "MUL": mul.parse,
    "QUANTIZE": lookup.parse,
    "RELU": lookup.parse,
    "RELU6": lookup.parse,
    "RESHAPE": reshape.parse,
    "SQUEEZE": reshape.parse,
    "STRIDED_SLICE": strided_slice.parse,
    "SUB": binary.parse,
    "TANH": lookup.parse,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": unidirectional_sequence_lstm.parse,
}


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
        layers.append(PARSERS[operator.kind](operator))
    return tuple(layers)
