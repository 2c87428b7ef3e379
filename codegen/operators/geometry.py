"""Windows along time: all spatial operators here are one-dimensional, height is time and width is 1."""

from dataclasses import dataclass

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import refuse

PADDINGS = ("SAME", "VALID")
"""The schema's paddings, by number."""


@dataclass(frozen=True)
class Window:
    """A window of `taps` sliding by `stride` over `input_length` points, `padding` zeros before the first."""

    input_length: int
    output_length: int
    taps: int
    stride: int
    padding: int


def time_window(operator: Operator, input_tensor: Tensor, output: Tensor, taps: int, stride: int) -> Window:
    """The window of a convolution or pool. Raises `ModelError` for shapes but 1 x time x 1 x channels."""
    if (
        len(input_tensor.shape) != 4
        or input_tensor.shape[2] != 1
        or len(output.shape) != 4
        or output.shape[2] != 1
    ):
        raise refuse(operator, f"{input_tensor} -> {output}", "shapes 1 x time x 1 x channels")
    for option in ("DilationHFactor", "DilationWFactor"):
        if operator.options.get(option, 1) != 1:
            raise refuse(operator, f"{option} {operator.options[option]:g}", "dilation 1")
    number = int(operator.options.get("Padding", 0))
    if not 0 <= number < len(PADDINGS) or taps < 1 or stride < 1:
        raise refuse(
            operator,
            f"padding {number}, {taps} taps, stride {stride}",
            "SAME or VALID padding, stride 1 or more",
        )
    length = input_tensor.shape[1]
    if PADDINGS[number] == "SAME":
        expected = -(-length // stride)
        padding = max((expected - 1) * stride + taps - length, 0) // 2
    else:
        expected, padding = (length - taps) // stride + 1, 0
    if output.shape[1] != expected or expected < 1:
        raise refuse(
            operator, f"{input_tensor} -> {output}", f"{expected} points after {PADDINGS[number]} padding"
        )
    return Window(length, expected, taps, stride, padding)
