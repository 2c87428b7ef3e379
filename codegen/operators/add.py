"""ADD and SUB, here with a constant such as an offset of batch normalization: kernel `spl_add_channel_s8`."""

import numpy as np

from splkit.codegen.graph import Operator
from splkit.codegen.operators import binary
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.binary import LEFT_SHIFT, sum_factors
from splkit.codegen.operators.elementwise import constant_operands
from splkit.codegen.operators.rescale import kernel_multiplier, output_fields
from splkit.fixed_point import multiply_by_quantized_multiplier, quantize_multiplier


def parse(operator: Operator) -> Layer:
    """The constant is rescaled here, the activation on the device."""
    if binary.is_binary(operator):
        return binary.parse(operator)
    operands = constant_operands(operator)
    source, addend, output = operands.activation, operands.constant, operands.output
    factors = sum_factors(operator, source, addend, output)
    largest = 255 << LEFT_SHIFT
    input_multiplier, input_shift = kernel_multiplier(operator, factors["first"], largest)
    output_multiplier, output_shift = kernel_multiplier(operator, factors["output"], largest)
    raised = (operands.values - addend.zero_point) << LEFT_SHIFT
    addends = multiply_by_quantized_multiplier(raised, *quantize_multiplier(factors["second"]))
    sign = 1
    if operator.kind == "SUB":
        # What is subtracted from a constant changes its sign, or else the constant does.
        sign, addends = (-1, addends) if operands.constant_first else (1, -addends)
    return Layer(
        operator,
        source,
        output,
        kernel="spl_add_channel_s8",
        fields={
            "length": operands.length,
            "channels": addends.size,
            "sign": sign,
            "input_zero_point": source.zero_point,
            "twice_raised": 2 << LEFT_SHIFT,
            "input_multiplier": input_multiplier,
            "input_shift": input_shift,
            "output_multiplier": output_multiplier,
            "output_shift": output_shift,
            **output_fields(operator),
        },
        arrays={"addends": CArray("int32_t", addends.astype(np.int32))},
        in_place=True,
    )
