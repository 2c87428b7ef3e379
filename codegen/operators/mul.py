"""MUL by a constant for each channel (batch normalization after ReLU): kernel `spl_mul_channel_s8`."""

import numpy as np

from splkit.codegen.graph import Operator
from splkit.codegen.operators import binary
from splkit.codegen.operators.base import CArray, Layer, kernel_multiplier, output_fields
from splkit.codegen.operators.elementwise import channel_operands


def parse(operator: Operator) -> Layer:
    """output = activation * constant; the zero point is taken off the constant here."""
    if binary.is_binary(operator):
        return binary.parse(operator)
    source, factor, output, values = channel_operands(operator)
    factors = values.astype(np.int64) - factor.zero_point
    largest = 255 * int(np.abs(factors).max())
    multiplier, shift = kernel_multiplier(operator, source.scale * factor.scale / output.scale, largest)
    channels = source.shape[-1]
    return Layer(
        operator,
        source,
        output,
        kernel="spl_mul_channel_s8",
        fields={
            "length": source.size // channels,
            "channels": channels,
            "input_zero_point": source.zero_point,
            "multiplier": multiplier,
            "shift": shift,
            **output_fields(operator),
        },
        arrays={"factors": CArray("int16_t", 2 * factors)},
        in_place=True,
    )
