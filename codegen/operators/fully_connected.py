"""FULLY_CONNECTED: a convolution of one point, kernel `spl_conv_1d_s8`."""

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import (
    CArray,
    Layer,
    activation_tensor,
    bias,
    channel_scales,
    dot_rows,
    largest_sum,
    output_fields,
    refuse,
    requantization,
    twice_bias,
    weights,
)
from splkit.codegen.operators.conv_2d import scratch_bytes

BIAS_TOLERANCE = 0.02
"""How far the bias's scale may be from the sums', in output steps."""


def parse(operator: Operator) -> Layer:
    """Weights out x in on one row of `in` values."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    filters, rows = weights(operator, 1)
    if len(filters.shape) != 2 or source.size != filters.shape[1] or output.size != filters.shape[0]:
        raise refuse(operator, f"weights {filters} on {source} -> {output}", "weights out x in on one row")
    outputs, inputs = filters.shape
    biases = bias(operator, 2, outputs)
    reals = _multipliers(operator, source, filters, output)
    return Layer(
        operator,
        source,
        output,
        kernel="spl_conv_1d_s8",
        fields={
            "input_length": 1,
            "conv_length": 1,
            "input_channels": inputs,
            "output_channels": outputs,
            "taps": 1,
            "stride": 1,
            "padding": 0,
            "pool": 1,
            "input_zero_point": source.zero_point,
            **output_fields(operator),
        },
        arrays={
            "weights": CArray("int8_t", dot_rows(rows)),
            "bias": twice_bias(biases, rows, source.zero_point),
            **requantization(operator, reals, largest_sum(operator, rows, biases, source.zero_point)),
        },
        scratch_bytes=scratch_bytes(inputs, outputs, pool=1),
        macs=inputs * outputs,
    )


def _multipliers(operator: Operator, source: Tensor, filters: Tensor, output: Tensor) -> list[float]:
    assert filters.quantization is not None
    outputs, addend = filters.shape[0], operator.inputs[2] if len(operator.inputs) > 2 else None
    if len(filters.quantization.scales) > 1:
        return [source.scale * scale / output.scale for scale in channel_scales(filters, outputs)]
    # TFLM multiplies per-tensor scales in float32, and wants the bias at that scale.
    product = float(np.float32(source.scale) * np.float32(filters.scale))
    if addend is not None:
        bias_scale = addend.scale if addend.quantization is not None else 0.0
        if abs(product - bias_scale) > BIAS_TOLERANCE * output.scale:
            raise refuse(operator, f"a bias of scale {bias_scale:.3g}", f"a bias at the sums' {product:.3g}")
    return [product / output.scale] * outputs
