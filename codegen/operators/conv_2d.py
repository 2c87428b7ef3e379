"""CONV_2D over time: kernel `spl_conv_1d_s8`, of which the pointwise convolution is the case of one tap."""

from splkit.codegen.graph import Operator
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
from splkit.codegen.operators.geometry import time_window


def parse(operator: Operator) -> Layer:
    """Filters out x taps x 1 x in, any stride."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    filters, values = weights(operator, 1)
    if len(filters.shape) != 4 or filters.shape[2] != 1:
        raise refuse(operator, f"filters {filters}", "filters out x taps x 1 x in")
    outputs, taps, _, inputs = filters.shape
    if source.shape[-1] != inputs or output.shape[-1] != outputs:
        raise refuse(operator, f"filters {filters} on {source} -> {output}", "matching channels")
    window = time_window(operator, source, output, taps, int(operator.options.get("StrideH", 1)))
    by_output = values.reshape(outputs, taps * inputs)
    biases = bias(operator, 2, outputs)
    require_accumulator(operator, by_output, biases, source.zero_point)
    return Layer(
        operator,
        source,
        output,
        kernel="spl_conv_1d_s8",
        fields={
            "input_length": window.input_length,
            "conv_length": window.output_length,
            "output_length": window.output_length,
            "input_channels": inputs,
            "output_channels": outputs,
            "taps": taps,
            "stride": window.stride,
            "padding": window.padding,
            "pool": 1,
            "input_zero_point": source.zero_point,
            "output_zero_point": output.zero_point,
            **output_clamp(operator),
        },
        arrays={
            "weights": dot_rows(by_output),
            "bias": CArray("int32_t", biases),
            **requantization(
                operator, [source.scale * s / output.scale for s in channel_scales(filters, outputs)]
            ),
        },
        scratch_bytes=round_up(taps * inputs) * INT16_BYTES,
        in_place=taps == 1 and window.stride == 1 and outputs <= inputs,
        macs=window.output_length * outputs * taps * inputs,
    )
