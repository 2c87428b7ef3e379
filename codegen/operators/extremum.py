"""MAXIMUM and MINIMUM, here with a constant: kernel `spl_extremum_channel_s8`, or of one number a table."""

import numpy as np

from splkit.codegen.graph import Operator
from splkit.codegen.operators import binary
from splkit.codegen.operators.base import CArray, Layer, require_same_quantization
from splkit.codegen.operators.elementwise import constant_operands
from splkit.codegen.operators.lookup import INPUTS, lookup_layer


def parse(operator: Operator) -> Layer:
    """Element by element, of values with one scale."""
    if binary.is_binary(operator):
        return binary.parse(operator)
    operands = constant_operands(operator)
    source, output, values = operands.activation, operands.output, operands.values
    for each in (source, operands.constant):
        require_same_quantization(operator, each, output)
    sign = binary.SIGNS[operator.kind]
    if values.size == 1:
        table = [int(value) for value in sign * np.maximum(sign * INPUTS, sign * values)]
        return lookup_layer(operator, source, output, table)
    return Layer(
        operator,
        source,
        output,
        kernel="spl_extremum_channel_s8",
        fields={"length": operands.length, "channels": values.size, "sign": sign},
        arrays={"values": CArray("int8_t", values.astype(np.int8))},
        in_place=True,
    )
