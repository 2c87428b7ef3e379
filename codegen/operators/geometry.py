"""Windows that slide over height and width, of convolutions and pools."""

from dataclasses import astuple, dataclass

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray
from splkit.codegen.refusals import refuse

PADDINGS = ("SAME", "VALID")
"""The schema's paddings, by number."""

MAX_REACH = (1 << 15) - 1
"""Taps and strides: TFLM holds strides and paddings in 16 bits."""


@dataclass(frozen=True)
class Window:
    """A window of `taps` sliding by `stride` over `input_length` points, `padding` zeros before the first.

    The fields are those of `spl_window_t`.
    """

    input_length: int
    output_length: int
    taps: int
    stride: int
    padding: int

    @property
    def is_point(self) -> bool:
        """Whether there is a single point, which the window is as well."""
        return (self.input_length, self.taps) == (1, 1)

    @property
    def is_identity(self) -> bool:
        """Whether every point is a window of its own."""
        return (self.taps, self.stride) == (1, 1)


Windows = tuple[Window, Window]
"""Of height and of width."""


def windows(operator: Operator, source: Tensor, output: Tensor, taps: tuple[int, int]) -> Windows:
    """The windows, `taps` high and wide, of a convolution or pool over 1 x height x width x channels.

    Raises:
        ModelError: other shapes, dilation, or an output that is not what the windows give.
    """
    if any(len(tensor.shape) != 4 or tensor.shape[0] != 1 for tensor in (source, output)):
        raise refuse(operator, f"{source} -> {output}", "shapes 1 x height x width x channels")
    for option in ("DilationHFactor", "DilationWFactor"):
        if operator.number(option, 1) != 1:
            raise refuse(operator, f"{option} {operator.number(option, 1):g}", "dilation 1")
    number = int(operator.number("Padding", 0))
    if not 0 <= number < len(PADDINGS):
        raise refuse(operator, f"padding {number}", "SAME or VALID padding")
    height, width = (
        _window(operator, source, output, axis, taps[axis - 1], PADDINGS[number]) for axis in (1, 2)
    )
    return height, width


def along_time(both: Windows) -> Window | None:
    """The window of the one axis that has points, or the only one that both are; None for an image."""
    height, width = both
    if width.is_point:
        return height
    if height.is_point:
        return width
    if height.is_identity and width.is_identity:
        points = height.input_length * width.input_length
        return Window(points, points, 1, 1, 0)
    return None


def windows_array(both: Windows) -> CArray:
    """`spl_window_t` of height and width."""
    return CArray("spl_window_t", np.array([astuple(window) for window in both]), struct=True)


def _window(operator: Operator, source: Tensor, output: Tensor, axis: int, taps: int, padding: str) -> Window:
    length, stride = source.shape[axis], int(operator.number("StrideH" if axis == 1 else "StrideW", 1))
    if not (1 <= taps <= MAX_REACH and 1 <= stride <= MAX_REACH):
        raise refuse(operator, f"{taps} taps, stride {stride}", f"taps and strides of 1 to {MAX_REACH}")
    if padding == "SAME":
        expected = -(-length // stride)
        before = max((expected - 1) * stride + taps - length, 0) // 2
    else:
        expected, before = (length - taps) // stride + 1, 0
    if output.shape[axis] != expected or expected < 1:
        raise refuse(operator, f"{source} -> {output}", f"{expected} points after {padding} padding")
    return Window(length, expected, taps, stride, before)
