"""Operators that are several layers become several operators, each of which has one output."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from splkit.codegen.graph import Graph, Operator
from splkit.codegen.operators import transpose_conv
from splkit.codegen.tflite_file.float_ends import renumbered


def parts(operator: Operator) -> list[Operator]:
    """One for each output."""
    return [replace(operator, outputs=(output,), siblings=operator.outputs) for output in operator.outputs]


EXPANDED: Mapping[str, Callable[[Operator], list[Operator]]] = {
    "SPLIT": parts,
    "SPLIT_V": parts,
    "TRANSPOSE_CONV": transpose_conv.expand,
    "UNPACK": parts,
}


def expanded(graph: Graph) -> Graph:
    """The same network; where it has more operators now, these know their numbers in the file."""
    if not any(operator.kind in EXPANDED for operator in graph.operators):
        return graph
    operators = [each for operator in graph.operators for each in _expanded(operator)]
    return replace(graph, operators=renumbered(operators))


def _expanded(operator: Operator) -> list[Operator]:
    expand = EXPANDED.get(operator.kind)
    return (expand(operator) if expand else None) or [operator]
