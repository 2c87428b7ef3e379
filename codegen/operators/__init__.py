"""One operator a module: `parse` checks it against what its kernel can do, and gives a `Layer`."""

from collections.abc import Iterator

from splkit.codegen.graph import Graph, Operator
from splkit.codegen.operators.base import Layer
from splkit.codegen.operators.missing import missing
from splkit.codegen.operators.registry import ENTRIES, OPTIONS
from splkit.errors import ModelError


def parse_graph(graph: Graph) -> tuple[Layer, ...]:
    """Checks every operator and gives its layer. Raises `ModelError` for one that cannot be compiled."""
    return tuple(parse(operator) for operator in graph.operators)


def refusals(graph: Graph) -> Iterator[ModelError]:
    """All that `parse_graph` would refuse, in the order of the operators."""
    for operator in graph.operators:
        tensors = (*operator.inputs, *operator.outputs)
        if operator.kind in ENTRIES and any(tensor and tensor.is_unreadable for tensor in tensors):
            continue
        try:
            parse(operator)
        except ModelError as error:
            yield error


def parse(operator: Operator) -> Layer:
    """The layer of one operator. Raises `ModelError` where it cannot be compiled."""
    if operator.kind not in ENTRIES:
        raise missing(operator)
    if len(operator.outputs) != 1 or not operator.inputs:
        raise ModelError(
            f"{operator.label} has inputs and one output",
            found=f"{len(operator.inputs)} and {len(operator.outputs)}",
            next_step="convert again",
        )
    expected = OPTIONS.get(operator.kind, operator.options_type)
    if operator.options_type != expected:
        raise ModelError(
            f"{operator.label} comes with {expected}", found=operator.options_type, next_step="convert again"
        )
    return ENTRIES[operator.kind].parse(operator)
