"""TRANSPOSE: a view where the values stay in their order, else kernel `spl_copy_s8`."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, ends, integers, require_same_quantization
from splkit.codegen.operators.copying import copied_or_view, steps
from splkit.codegen.refusals import refuse


def parse(operator: Operator) -> Layer:
    """A constant permutation of all axes."""
    source, output = ends(operator, 2)
    require_same_quantization(operator, source, output)
    order = integers(operator, 1, "permutation")
    if sorted(order) != list(range(len(source.shape))):
        raise refuse(operator, f"permutation {order} of {source}", "each axis once")
    if output.shape != tuple(source.shape[axis] for axis in order):
        raise refuse(operator, f"{source} -> {output} by {order}", "the permuted shape")
    places = steps(source.shape)
    axes = [
        (source.shape[axis], places[axis], step)
        for axis, step in zip(order, steps(output.shape), strict=True)
    ]
    return copied_or_view(operator, source, output, axes)
