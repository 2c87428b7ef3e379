"""ADD of a constant for each channel (batch normalization after ReLU): kernel `spl_add_channel_s8`."""

import numpy as np

from splkit.codegen.graph import Operator
from splkit.codegen.operators import binary
from splkit.codegen.operators.base import CArray, Layer, kernel_multiplier, output_fields
from splkit.codegen.operators.binary import LEFT_SHIFT
from splkit.codegen.operators.elementwise import channel_operands
from splkit.fixed_point import multiply_by_quantized_multiplier, quantize_multiplier


def parse(operator: Operator) -> Layer:
    """output = activation + constant; the constant is rescaled here, the activation on the device."""
    if binary.is_binary(operator):
        return binary.parse(operator)
    source, addend, output, values = channel_operands(operator)
    twice_max_scale = 2.0 * max(source.scale, addend.scale)
    largest = 255 << LEFT_SHIFT
    input_multiplier, input_shift = kernel_multiplier(operator, source.scale / twice_max_scale, largest)
    output_multiplier, output_shift = kernel_multiplier(
        operator, twice_max_scale / ((1 << LEFT_SHIFT) * output.scale), largest
    )
    raised = (values.astype(np.int64) - addend.zero_point) << LEFT_SHIFT
    addends = multiply_by_quantized_multiplier(raised, *quantize_multiplier(addend.scale / twice_max_scale))
    channels = source.shape[-1]
    return Layer(
        operator,
        source,
        output,
        kernel="spl_add_channel_s8",
        fields={
            "length": source.size // channels,
            "channels": channels,
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
