"""PRELU with constant slopes: kernel `spl_prelu_s8`."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.elementwise import constant_operands
from splkit.codegen.operators.rescale import kernel_multiplier, offset
from splkit.codegen.refusals import refuse

MAX_DIMENSIONS = 4
"""Of the activation, as many as TFLM takes."""


def parse(operator: Operator) -> Layer:
    """The slopes' zero point is taken off here."""
    operands = constant_operands(operator)
    source, slopes, output = operands.activation, operands.constant, operands.output
    if operands.constant_first or len(output.shape) > MAX_DIMENSIONS:
        raise refuse(
            operator, f"{output}", f"an activation of up to {MAX_DIMENSIONS} dimensions, then slopes"
        )
    alphas = operands.values - slopes.zero_point
    above = kernel_multiplier(operator, source.scale / output.scale, 255)
    below = kernel_multiplier(operator, source.scale * slopes.scale / output.scale, 255 * 255)
    return Layer(
        operator,
        source,
        output,
        kernel="spl_prelu_s8",
        fields={
            "length": operands.length,
            "channels": alphas.size,
            "input_zero_point": source.zero_point,
            "output_offset": offset(output),
            "above_multiplier": above[0],
            "above_shift": above[1],
            "below_multiplier": below[0],
            "below_shift": below[1],
        },
        arrays={"alphas": CArray("int16_t", 2 * alphas)},
        in_place=True,
    )
