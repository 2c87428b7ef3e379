"""FULLY_CONNECTED: kernel `spl_fully_connected_s8`."""

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import (
    INT16_BYTES,
    CArray,
    Layer,
    activation_tensor,
    bias,
    channel_scales,
    dot_rows,
    output_clamp,
    refuse,
    requantization,
    require_accumulator,
    round_up,
    weights,
)


def parse(operator: Operator) -> Layer:
    """Weights out x in on one row of `in` values."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    filters, values = weights(operator, 1)
    if len(filters.shape) != 2 or source.size != filters.shape[1] or output.size != filters.shape[0]:
        raise refuse(operator, f"weights {filters} on {source} -> {output}", "weights out x in on one row")
    outputs, inputs = filters.shape
    biases = bias(operator, 2, outputs)
    require_accumulator(operator, values, biases, source.zero_point)
    return Layer(
        operator,
        source,
        output,
        kernel="spl_fully_connected_s8",
        fields={
            "inputs": inputs,
            "outputs": outputs,
            "input_zero_point": source.zero_point,
            "output_zero_point": output.zero_point,
            **output_clamp(operator),
        },
        arrays={
            "weights": dot_rows(values),
            "bias": CArray("int32_t", biases),
            **requantization(operator, _multipliers(source, filters, output)),
        },
        scratch_bytes=round_up(inputs) * INT16_BYTES,
        macs=inputs * outputs,
    )


def _multipliers(source: Tensor, filters: Tensor, output: Tensor) -> list[float]:
    assert filters.quantization is not None
    outputs = filters.shape[0]
    if len(filters.quantization.scales) > 1:
        return [source.scale * scale / output.scale for scale in channel_scales(filters, outputs)]
    # TFLM multiplies per-tensor scales in float32.
    return [float(np.float32(source.scale) * np.float32(filters.scale)) / output.scale] * outputs
