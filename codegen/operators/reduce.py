"""REDUCE_MAX and REDUCE_MIN over one or several neighbouring axes: kernel `spl_reduce_extremum_s8`."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, ends, require_same_quantization
from splkit.codegen.operators.mean import extents

SIGNS = {"REDUCE_MAX": 1, "REDUCE_MIN": -1}
"""By which values are multiplied, so that the largest one is wanted."""


def parse(operator: Operator) -> Layer:
    """Over axes side by side, kept or not."""
    source, output = ends(operator, 2)
    require_same_quantization(operator, source, output)
    batches, length, channels = extents(operator, source, output)
    return Layer(
        operator,
        source,
        output,
        kernel="spl_reduce_extremum_s8",
        fields={"batches": batches, "length": length, "channels": channels, "sign": SIGNS[operator.kind]},
        # A result is written over a point that no later one reads.
        in_place=True,
    )
