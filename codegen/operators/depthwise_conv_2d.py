"""DEPTHWISE_CONV_2D over time: one filter a channel, kernel `spl_depthwise_conv_1d_s8`."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import (
    INT16_BYTES,
    CArray,
    Layer,
    activation_tensor,
    bias,
    channel_scales,
    output_clamp,
    refuse,
    requantization,
    require_accumulator,
    round_up,
    weights,
)
from splkit.codegen.operators.geometry import time_window

CHUNK = 48
"""Points between two reads of the input: fewer take less scratch, more take fewer moves of what the windows see."""


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
    by_channel = values.reshape(taps, channels).T
    biases = bias(operator, 2, channels)
    require_accumulator(operator, by_channel, biases, source.zero_point)
    chunk = min(CHUNK, round_up(window.output_length))
    return Layer(
        operator,
        source,
        output,
        kernel="spl_depthwise_conv_1d_s8",
        fields={
            "input_length": window.input_length,
            "output_length": window.output_length,
            "channels": channels,
            "taps": taps,
            "chunk": chunk,
            "padding": window.padding,
            "input_zero_point": source.zero_point,
            "output_zero_point": output.zero_point,
            **output_clamp(operator),
        },
        arrays={
            "weights": CArray("int8_t", by_channel.ravel()),
            "bias": CArray("int32_t", biases),
            **requantization(
                operator, [source.scale * s / output.scale for s in channel_scales(filters, channels)]
            ),
        },
        scratch_bytes=(2 * round_up(taps) + chunk) * INT16_BYTES,
        in_place=window.padding < taps,
        macs=window.output_length * channels * taps,
    )
