"""Functions of one int8, tabulated here: kernel `spl_lookup_s8`."""

from collections.abc import Sequence

import numpy as np

from splkit.codegen.functions import logistic_table, tanh_table
from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer, ends, require_same_quantization
from splkit.codegen.operators.rescale import kernel_multiplier
from splkit.codegen.operators.tables import TABLES
from splkit.codegen.refusals import refuse
from splkit.fixed_point import (
    INT8_MAX,
    INT8_MIN,
    activation_range,
    multiply_by_quantized_multiplier,
    quantize_multiplier,
)

OUTPUTS = {"LOGISTIC": (2.0**-8, -128), "TANH": (2.0**-7, 0)}
"""Scale and zero point that TFLM gives these, whatever the file says."""

INPUTS = np.arange(INT8_MIN, INT8_MAX + 1, dtype=np.int64)
"""All that an int8 can be."""


def parse(operator: Operator) -> Layer:
    """Any shape, as many elements out as in."""
    source, output = ends(operator, 1)
    if source.size != output.size:
        raise refuse(operator, f"{source} -> {output}", "as many elements out as in")
    return lookup_layer(operator, source, output, _table(operator, source, output))


def lookup_layer(operator: Operator, source: Tensor, output: Tensor, table: Sequence[int]) -> Layer:
    """The layer of a function whose values at -128 to 127 are given."""
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
    if kind in TABLES:
        return TABLES[kind](operator, source, output)
    return _rescaled(operator, source, output) if kind != "RELU6" else _clamped(operator, source, output)


def _clamped(operator: Operator, source: Tensor, output: Tensor) -> list[int]:
    """TFLM's RELU6 clamps without rescaling."""
    require_same_quantization(operator, source, output)
    limits = activation_range("RELU6", output.scale, output.zero_point)
    assert limits is not None
    return [int(value) for value in np.clip(INPUTS, *limits)]


def _rescaled(operator: Operator, source: Tensor, output: Tensor) -> list[int]:
    activation = "RELU" if operator.kind == "RELU" else "NONE"
    limits = activation_range(activation, output.scale, output.zero_point)
    assert limits is not None
    factor = source.scale / output.scale
    kernel_multiplier(operator, factor, 255)
    rescaled = multiply_by_quantized_multiplier(INPUTS - source.zero_point, *quantize_multiplier(factor))
    return [int(value) for value in np.clip(rescaled + output.zero_point, *limits)]
