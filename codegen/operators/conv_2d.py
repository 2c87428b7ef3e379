"""CONV_2D over time: kernel `spl_conv_1d_s8`, of which the pointwise convolution is the case of one tap."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import (
    INT16_BYTES,
    INT32_BYTES,
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
    round_up,
    twice_bias,
    weights,
)
from splkit.codegen.operators.geometry import time_window

COLUMNS = 5
"""Points that the kernel computes together, SPL_CONV_COLUMNS in spl_conv_1d_s8.h."""


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
    rows = values.reshape(outputs, taps * inputs)
    biases = bias(operator, 2, outputs)
    reals = [source.scale * s / output.scale for s in channel_scales(filters, outputs)]
    return Layer(
        operator,
        source,
        output,
        kernel="spl_conv_1d_s8",
        fields={
            "input_length": window.input_length,
            "conv_length": window.output_length,
            "input_channels": inputs,
            "output_channels": outputs,
            "taps": taps,
            "stride": window.stride,
            "padding": window.padding,
            "pool": 1,
            "input_zero_point": source.zero_point,
            **output_fields(operator),
        },
        arrays={
            "weights": CArray("int8_t", dot_rows(rows)),
            "bias": twice_bias(biases, rows, source.zero_point),
            **requantization(operator, reals, largest_sum(operator, rows, biases, source.zero_point)),
        },
        scratch_bytes=scratch_bytes(taps * inputs, outputs, pool=1),
        in_place=taps == 1 and window.stride == 1 and outputs <= inputs,
        macs=window.output_length * outputs * taps * inputs,
    )


def scratch_bytes(row: int, outputs: int, pool: int) -> int:
    """What `spl_conv_1d_s8` needs: the widened columns, and sums of each or of their maximum."""
    return COLUMNS * round_up(row) * INT16_BYTES + (COLUMNS if pool == 1 else 1) * outputs * INT32_BYTES
