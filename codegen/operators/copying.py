"""Layers of the kernel `spl_copy_s8`: blocks of the input to blocks of the output."""

from collections.abc import Sequence

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.refusals import refuse

COPY_AXES = 4
"""Loops of the kernel, SPL_COPY_AXES in spl_copy_s8.h."""

Axis = tuple[int, int, int]
"""How often, and the steps of input and output: `spl_copy_axis_t`."""


def copy_layer(
    operator: Operator,
    source: Tensor,
    output: Tensor,
    axes: Sequence[Axis],
    *,
    input_start: int = 0,
    output_start: int = 0,
    filled: int = 0,
    fill: int = 0,
) -> Layer:
    """The layer that copies along `axes`, the outermost first, after `filled` values were set to `fill`."""
    loops = _merged(axes)
    run = 1
    if loops and loops[-1][1:] == (1, 1):
        run = loops.pop()[0]
    if len(loops) > COPY_AXES:
        raise refuse(operator, f"{source} -> {output}", f"changes along at most {COPY_AXES} axes")
    padded = [(1, 0, 0)] * (COPY_AXES - len(loops)) + loops
    return Layer(
        operator,
        source,
        output,
        kernel="spl_copy_s8",
        fields={
            "run": run,
            "input_start": input_start,
            "output_start": output_start,
            "filled": filled,
            "fill": fill,
        },
        arrays={"axes": CArray("spl_copy_axis_t", np.array(padded), struct=True)},
    )


def copied_or_view(
    operator: Operator, source: Tensor, output: Tensor, axes: Sequence[Axis], input_start: int = 0
) -> Layer:
    """The same, or a view of the input where what is copied is one run of its values."""
    copied = copy_layer(operator, source, output, axes, input_start=input_start)
    if copied.fields["run"] == output.size:
        return Layer(operator, source, output, view_offset=input_start)
    return copied


def steps(shape: Sequence[int]) -> list[int]:
    """Values from one point to the next along each axis of a tensor."""
    return [int(np.prod(shape[axis + 1 :], dtype=np.int64)) for axis in range(len(shape))]


def broadcast_axes(shape: Sequence[int], target: Sequence[int]) -> list[Axis]:
    """The axes that repeat a tensor, its shape aligned to the right, in the shape of another."""
    aligned = [1] * (len(target) - len(shape)) + list(shape)
    return [
        (count, 0 if length == 1 else input_step, output_step)
        for count, length, input_step, output_step in zip(
            target, aligned, steps(aligned), steps(target), strict=True
        )
    ]


def _merged(axes: Sequence[Axis]) -> list[Axis]:
    """The same walk in as few loops as it takes."""
    loops: list[Axis] = []
    for count, input_step, output_step in axes:
        if count == 1:
            continue
        if loops and loops[-1][1:] == (count * input_step, count * output_step):
            count *= loops.pop()[0]
        loops.append((count, input_step, output_step))
    return loops
