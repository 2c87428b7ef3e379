"""Layers of the kernel `spl_gather_s8`: values from places that are listed axis by axis."""

from collections.abc import Sequence

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.copying import steps
from splkit.codegen.refusals import refuse

GATHER_AXES = 4
"""Loops of the kernel, SPL_GATHER_AXES in spl_gather_s8.h."""


def gather_layer(
    operator: Operator, source: Tensor, output: Tensor, points: Sequence[Sequence[int]]
) -> Layer:
    """The layer whose output has the input's values at `points`, listed along each axis."""
    whole = len(points)
    while whole and list(points[whole - 1]) == list(range(source.shape[whole - 1])):
        whole -= 1
    if whole == 0:
        return Layer(operator, source, output)
    run = int(np.prod(source.shape[whole:], dtype=np.int64))
    loops = [
        np.array(each, np.int64) * step
        for each, step in zip(points[:whole], steps(source.shape), strict=False)
    ]
    loops = [each for each in loops if len(each) > 1 or each[0]] or loops[:1]
    if len(loops) > GATHER_AXES:
        raise refuse(operator, f"{source} -> {output}", f"changes along at most {GATHER_AXES} axes")
    loops = [np.zeros(1, np.int64)] * (GATHER_AXES - len(loops)) + loops
    return Layer(
        operator,
        source,
        output,
        kernel="spl_gather_s8",
        fields={"run": run},
        arrays={
            "counts": CArray("int32_t", np.array([len(each) for each in loops])),
            "places": CArray("int32_t", np.concatenate(loops)),
        },
    )
