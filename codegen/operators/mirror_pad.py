"""MIRROR_PAD, REFLECT or SYMMETRIC: kernel `spl_gather_s8`."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, ends, require_same_quantization
from splkit.codegen.operators.gathering import gather_layer
from splkit.codegen.operators.pad import amounts
from splkit.codegen.refusals import refuse

REFLECT = 0
"""In the schema's modes; the other one is SYMMETRIC, which repeats the end itself."""


def parse(operator: Operator) -> Layer:
    """Constant paddings, each no longer than what it mirrors."""
    source, output = ends(operator, 2)
    require_same_quantization(operator, source, output)
    spared = 1 if int(operator.number("Mode", REFLECT)) == REFLECT else 0
    pairs = amounts(operator, source, output)
    for length, pair in zip(source.shape, pairs, strict=True):
        if max(pair) > length - spared:
            raise refuse(operator, f"{max(pair)} points of {length}", f"at most {length - spared}")
    points = [
        [
            *range(before - 1 + spared, spared - 1, -1),
            *range(length),
            *range(length - 1 - spared, length - 1 - spared - behind, -1),
        ]
        for length, (before, behind) in zip(source.shape, pairs, strict=True)
    ]
    return gather_layer(operator, source, output, points)
