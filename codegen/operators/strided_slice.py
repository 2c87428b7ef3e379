"""STRIDED_SLICE: a view where the slice is one run of bytes, such as the last time step, else kernel
`spl_copy_s8`."""

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import Layer, ends, integers
from splkit.codegen.operators.copying import copied_or_view, steps
from splkit.codegen.refusals import refuse

MAX_SLICED = 4
"""Dimensions that TFLM slices."""


def parse(operator: Operator) -> Layer:
    """Constant begin, end and strides, forwards or backwards; axes may be dropped, not added."""
    source, output = ends(operator, 4)
    slices = _slices(operator, source)
    kept = tuple(len(points) for points, dropped in slices if not dropped)
    if kept != output.shape or any(not points for points, _ in slices):
        raise refuse(operator, f"{source} -> {output}", f"a slice of shape {kept} that is not empty")
    places = steps(source.shape)
    start = sum(points[0] * place for (points, _), place in zip(slices, places, strict=True))
    lengths = [len(points) for points, _ in slices]
    axes = [
        (len(points), points.step * place, output_step)
        for (points, _), place, output_step in zip(slices, places, steps(lengths), strict=True)
    ]
    return copied_or_view(operator, source, output, axes, start)


def _slices(operator: Operator, source: Tensor) -> list[tuple[range, bool]]:
    """The points of each axis, and whether it is dropped."""
    vectors = [integers(operator, 1 + i, what) for i, what in enumerate(("begin", "end", "strides"))]
    dimensions = len(source.shape)
    if {len(vector) for vector in vectors} != {dimensions} or dimensions > MAX_SLICED or 0 in vectors[2]:
        raise refuse(
            operator,
            f"begin, end, strides {vectors} of {source}",
            f"begin, end and strides for each of at most {MAX_SLICED} axes, no stride 0",
        )
    if operator.options.get("EllipsisMask") or operator.options.get("NewAxisMask"):
        raise refuse(operator, "an ellipsis or a new axis", "plain slices")
    if operator.options.get("Offset"):
        raise refuse(operator, "ends that are offsets from the begin", "ends that are positions")
    masks = [int(operator.number(name, 0)) for name in ("BeginMask", "EndMask", "ShrinkAxisMask")]
    slices = []
    for axis, (begin, end, stride) in enumerate(zip(*vectors, strict=True)):
        no_begin, no_end, dropped = (bool(mask >> axis & 1) for mask in masks)
        bounds = slice(None if no_begin else begin, None if no_end else end, stride)
        points = range(*bounds.indices(source.shape[axis]))
        if dropped:
            points = _point(operator, begin, source.shape[axis], stride, masked=no_begin)
        slices.append((points, dropped))
    return slices


def _point(operator: Operator, begin: int, length: int, stride: int, masked: bool) -> range:
    """The one point of an axis that is dropped."""
    point = begin + length if begin < 0 else begin
    if masked or stride != 1 or not 0 <= point < length:
        raise refuse(operator, f"point {begin} of {length}, stride {stride}", "axes dropped at a point")
    return range(point, point + 1)
