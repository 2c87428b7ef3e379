"""SLICE: a view where the slice is one run of values, else kernel `spl_copy_s8`."""

import numpy as np

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, ends, integers, require_same_quantization
from splkit.codegen.operators.copying import copied_or_view, steps
from splkit.codegen.refusals import refuse

REST = -1
"""A size that reaches to the end."""


def parse(operator: Operator) -> Layer:
    """Constant begins and sizes, one of each for every axis."""
    source, output = ends(operator, 3)
    require_same_quantization(operator, source, output)
    begins, sizes = integers(operator, 1, "begins"), integers(operator, 2, "sizes")
    dimensions = len(source.shape)
    found = f"begins {begins}, sizes {sizes} of {source} -> {output}"
    if {len(begins), len(sizes)} != {dimensions}:
        raise refuse(operator, found, "a begin and a size for every axis")
    kept = [
        length - begin if size == REST else size
        for begin, size, length in zip(begins, sizes, source.shape, strict=True)
    ]
    inside = all(
        begin >= 0 and 0 < size <= length - begin
        for begin, size, length in zip(begins, kept, source.shape, strict=True)
    )
    if not inside or tuple(kept) != output.shape:
        raise refuse(operator, found, "a slice of the output's shape that lies inside")
    places = steps(source.shape)
    axes = list(zip(kept, places, steps(kept), strict=True))
    return copied_or_view(operator, source, output, axes, int(np.dot(begins, places)))
