"""MUL by a constant for each channel (batch normalization after ReLU): kernel `spl_mul_channel_s8`."""

import numpy as np

from splkit.codegen.fixed_point import quantize_multiplier
from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import CArray, Layer, output_clamp, refuse
from splkit.codegen.operators.elementwise import channel_operands


def parse(operator: Operator) -> Layer:
    """output = activation * constant; the zero point is taken off the constant here."""
    source, factor, output, values = channel_operands(operator)
    multiplier, shift = quantize_multiplier(source.scale * factor.scale / output.scale)
    if shift > 0:
        raise refuse(operator, f"an output scale of {output.scale:.3g}", "s_1 * s_2 < s_out")
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
            "output_zero_point": output.zero_point,
            "multiplier": multiplier,
            "shift": -shift,
            **output_clamp(operator),
        },
        arrays={"factors": CArray("int16_t", values.astype(np.int16) - np.int16(factor.zero_point))},
        in_place=True,
    )
