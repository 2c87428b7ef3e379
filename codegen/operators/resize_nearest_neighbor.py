"""RESIZE_NEAREST_NEIGHBOR over height and width: kernel `spl_gather_s8`."""

import numpy as np

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, ends, integers, require_same_quantization
from splkit.codegen.operators.gathering import gather_layer
from splkit.codegen.refusals import refuse


def parse(operator: Operator) -> Layer:
    """A constant size; aligned corners and half pixels as the options say."""
    source, output = ends(operator, 2)
    require_same_quantization(operator, source, output)
    size = tuple(integers(operator, 1, "sizes"))
    if len(source.shape) != 4 or output.shape != (source.shape[0], *size, source.shape[3]):
        raise refuse(operator, f"{source} -> {output}", f"1 x height x width x channels, resized to {size}")
    aligned, halves = (bool(operator.number(name, 0)) for name in ("AlignCorners", "HalfPixelCenters"))
    sides = [_nearest(source.shape[axis], output.shape[axis], aligned, halves) for axis in (1, 2)]
    return gather_layer(operator, source, output, [range(source.shape[0]), *sides, range(source.shape[3])])


def _nearest(length: int, points: int, aligned: bool, halves: bool) -> list[int]:
    """For each point of the output that of the input, by TFLM's float32."""
    one = np.float32(1.0)
    scale = (
        one * (length - 1) / np.float32(points - 1)
        if aligned and points > 1
        else one * length / np.float32(points)
    )
    at = (np.arange(points).astype(np.float32) + np.float32(0.5 if halves else 0.0)) * np.float32(scale)
    # No place is negative, so that half a step more rounds halves away from zero.
    nearest = np.floor(at.astype(np.float64) + 0.5) if aligned else np.floor(at)
    return [int(place) for place in np.minimum(nearest, length - 1)]
