"""DEPTHWISE_CONV_2D over time: one filter a channel, kernel `spl_depthwise_conv_1d_s8`."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import (
    INT16_BYTES,
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

MARGIN = 18
"""int16 values that the kernel keeps around the signal and behind the filter."""


def parse(operator: Operator) -> Layer:
    """Filters 1 x taps x 1 x channels, stride 1, depth multiplier 1."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    filters, values = weights(operator, 1)
    if len(filters.shape) != 4 or filters.shape[0] != 1 or filters.shape[2] != 1:
        raise refuse(operator, f"filters {filters}", "filters 1 x taps x 1 x channels")
    taps, channels = filters.shape[1], filters.shape[3]
    if source.shape[-1] != channels or output.shape[-1] != channels:
        raise refuse(
            operator, f"{source.shape[-1]} channels in, {output.shape[-1]} out", "depth multiplier 1"
        )
    window = time_window(operator, source, output, taps, int(operator.options.get("StrideH", 1)))
    if window.stride != 1:
        raise refuse(operator, f"stride {window.stride}", "stride 1")
    rows = values.reshape(taps, channels).T
    biases = bias(operator, 2, channels)
    reals = [source.scale * s / output.scale for s in channel_scales(filters, channels)]
    return Layer(
        operator,
        source,
        output,
        kernel="spl_depthwise_conv_1d_s8",
        fields={
            "input_length": window.input_length,
            "output_length": window.output_length,
            "channels": channels,
            "taps": round_up(taps),
            "padding": window.padding,
            "input_zero_point": source.zero_point,
            **output_fields(operator),
        },
        arrays={
            "weights": CArray("int8_t", dot_rows(rows)),
            "bias": twice_bias(biases, rows, 0),
            **requantization(operator, reals, largest_sum(operator, rows, biases, source.zero_point)),
        },
        scratch_bytes=scratch_bytes(window.input_length, round_up(taps), window.output_length),
        in_place=True,
        macs=window.output_length * channels * taps,
    )


def scratch_bytes(length: int, taps: int, points: int) -> int:
    """What the kernel needs for so many points: the signal that they see, and the filter twice."""
    seen = min(length, points + taps - 1)
    return (round_up(seen) + MARGIN + 2 * taps) * INT16_BYTES
