"""REVERSE_V2: kernel `spl_copy_s8`."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, ends, integers, require_same_quantization
from splkit.codegen.operators.copying import copied_or_view, steps
from splkit.codegen.refusals import refuse


def parse(operator: Operator) -> Layer:
    """Constant axes, one behind the other."""
    source, output = ends(operator, 2)
    require_same_quantization(operator, source, output)
    dimensions, axes = len(source.shape), integers(operator, 1, "axes")
    if not axes or not all(-dimensions <= axis < dimensions for axis in axes):
        raise refuse(operator, f"axes {axes} of {source}", "axes that its input has")
    turned = sorted(axis % dimensions for axis in axes)
    if turned != list(range(turned[0], turned[-1] + 1)) or source.shape != output.shape:
        raise refuse(operator, f"{source} -> {output} by {axes}", "one shape, axes side by side")
    places = steps(source.shape)
    loops = [
        (length, -place if axis in turned else place, place)
        for axis, (length, place) in enumerate(zip(source.shape, places, strict=True))
    ]
    start = sum((source.shape[axis] - 1) * places[axis] for axis in turned)
    return copied_or_view(operator, source, output, loops, start)
