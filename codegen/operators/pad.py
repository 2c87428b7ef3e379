"""PAD with the zero point, PADV2 with a constant: kernel `spl_copy_s8`."""

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import Layer, ends, integers, require_same_quantization
from splkit.codegen.operators.copying import copy_layer, steps
from splkit.codegen.operators.filters import constant
from splkit.codegen.refusals import refuse


def parse(operator: Operator) -> Layer:
    """Any axes, before and after; the paddings are constant."""
    source, output = ends(operator, 3 if operator.kind == "PADV2" else 2)
    require_same_quantization(operator, source, output)
    pairs = amounts(operator, source, output)
    places = steps(output.shape)
    return copy_layer(
        operator,
        source,
        output,
        list(zip(source.shape, steps(source.shape), places, strict=True)),
        output_start=int(np.dot([before for before, _ in pairs], places)),
        filled=output.size,
        fill=_fill(operator, output),
    )


def _fill(operator: Operator, output: Tensor) -> int:
    """What stands in the padding."""
    if operator.kind == "PAD":
        return output.zero_point
    value = constant(operator, 2, "int8")
    require_same_quantization(operator, value, output)
    if value.data is None or value.size != 1:
        raise refuse(operator, f"{value} to pad with", "one value")
    return int(value.data.ravel()[0])


def amounts(operator: Operator, source: Tensor, output: Tensor) -> list[tuple[int, int]]:
    """The points before and behind each axis. Raises `ModelError` where they do not give the output."""
    values = integers(operator, 1, "paddings")
    pairs = list(zip(values[::2], values[1::2], strict=False))
    padded = [before + length + after for length, (before, after) in zip(source.shape, pairs, strict=False)]
    if len(values) != 2 * len(source.shape) or min(values) < 0 or tuple(padded) != output.shape:
        raise refuse(operator, f"{source} -> {output} by {values}", "paddings of 0 or more on every axis")
    return pairs
