"""Functions of one int8, tabulated here: RELU, RELU6, LOGISTIC, TANH and QUANTIZE; kernel `spl_lookup_s8`."""

from collections.abc import Sequence

import numpy as np

from splkit.codegen.functions import logistic_table, tanh_table
from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer, activation_tensor, refuse
from splkit.fixed_point import (
    INT8_MAX,
    INT8_MIN,
    activation_range,
    multiply_by_quantized_multiplier,
    quantize_multiplier,
)

OUTPUTS = {"LOGISTIC": (2.0**-8, -128), "TANH": (2.0**-7, 0)}
"""Scale and zero point that TFLM gives these, whatever the file says."""


def parse(operator: Operator) -> Layer:
    """Any shape, as many elements out as in."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    if source.size != output.size:
        raise refuse(operator, f"{source} -> {output}", "as many elements out as in")
    table = _table(operator, source, output)
    return Layer(
        operator,
        source,
        output,
        kernel="spl_lookup_s8",
        fields={"size": source.size},
        arrays={"table": CArray("int8_t", np.array(table, np.int8))},
        in_place=True,
    )


def _table(operator: Operator, source: Tensor, output: Tensor) -> Sequence[int]:
    kind = operator.kind
    if kind in OUTPUTS:
        if (output.scale, output.zero_point) != OUTPUTS[kind]:
            raise refuse(
                operator, f"output scale {output.scale:.6g}", f"scale and zero point {OUTPUTS[kind]}"
            )
        make = logistic_table if kind == "LOGISTIC" else tanh_table
        return make(source.scale, source.zero_point)
    inputs = np.arange(INT8_MIN, INT8_MAX + 1, dtype=np.int64)
    low, high = activation_range({"QUANTIZE": "NONE"}.get(kind, kind), output.scale, output.zero_point) or (
        INT8_MIN,
        INT8_MAX,
    )
    if kind == "RELU6":
        # TFLM's RELU6 clamps without rescaling.
        if (source.scale, source.zero_point) != (output.scale, output.zero_point):
            raise refuse(operator, "two scales", "one scale and zero point on both sides")
        return [int(value) for value in np.clip(inputs, low, high)]
    rescaled = multiply_by_quantized_multiplier(
        inputs - source.zero_point, *quantize_multiplier(source.scale / output.scale)
    )
    return [int(value) for value in np.clip(rescaled + output.zero_point, low, high)]
