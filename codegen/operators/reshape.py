"""RESHAPE, SQUEEZE and EXPAND_DIMS: the same bytes under another shape, no code."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, activation_tensor, refuse


def parse(operator: Operator) -> Layer:
    """Any shapes of one size."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    if source.size != output.size:
        raise refuse(operator, f"{source} -> {output}", "as many elements out as in")
    return Layer(operator, source, output)
