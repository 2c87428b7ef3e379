"""MUL, here by a constant such as a factor of batch normalization: kernel `spl_mul_channel_s8`."""

import numpy as np

from splkit.codegen.graph import Operator
from splkit.codegen.operators import binary
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.elementwise import constant_operands
from splkit.codegen.operators.rescale import kernel_multiplier, output_fields


def parse(operator: Operator) -> Layer:
    """output = activation * constant; the zero point is taken off the constant here."""
    if binary.is_binary(operator):
        return binary.parse(operator)
    operands = constant_operands(operator)
    source, factor, output = operands.activation, operands.constant, operands.output
    factors = operands.values - factor.zero_point
    largest = 255 * int(np.abs(factors).max())
    multiplier, shift = kernel_multiplier(operator, source.scale * factor.scale / output.scale, largest)
    return Layer(
        operator,
        source,
        output,
        kernel="spl_mul_channel_s8",
        fields={
            "length": operands.length,
            "channels": factors.size,
            "input_zero_point": source.zero_point,
            "multiplier": multiplier,
            "shift": shift,
            **output_fields(operator),
        },
        arrays={"factors": CArray("int16_t", 2 * factors)},
        in_place=True,
    )
