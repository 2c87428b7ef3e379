"""DEPTHWISE_CONV_2D: kernel `spl_depthwise_conv_1d_s8` for one filter a channel over time, stride 1, and
`spl_depthwise_conv_2d_s8` for all others."""

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer, refuse
from splkit.codegen.operators.filters import (
    INT16_BYTES,
    INT32_BYTES,
    bias,
    channel_scales,
    dot_rows,
    filtered_ends,
    largest_sum,
    round_up,
    twice_bias,
    weights,
)
from splkit.codegen.operators.geometry import Window, Windows, along_time, windows, windows_array
from splkit.codegen.operators.rescale import output_fields, requantization

MARGIN = 18
"""int16 values that the kernel keeps around the signal and behind the filter."""


def parse(operator: Operator) -> Layer:
    """Filters 1 x height x width x output channels, any stride and depth multiplier."""
    source, output = filtered_ends(operator)
    filters, values = weights(operator, 1)
    if len(filters.shape) != 4 or filters.shape[0] != 1:
        raise refuse(operator, f"filters {filters}", "filters 1 x height x width x channels")
    _, high, wide, channels = filters.shape
    multiplier = int(operator.number("DepthMultiplier", 1))
    if output.shape[-1] != channels or source.shape[-1] * multiplier != channels:
        raise refuse(
            operator,
            f"{source} -> {output} with depth multiplier {multiplier}, filters {filters}",
            "matching channels",
        )
    both = windows(operator, source, output, (high, wide))
    rows = values.reshape(-1, channels).T
    biases = bias(operator, 2, channels)
    reals = [source.scale * s / output.scale for s in channel_scales(operator, filters, channels)]
    arrays = {
        "bias": twice_bias(biases, rows, 0),
        **requantization(operator, reals, largest_sum(operator, rows, biases, source.zero_point)),
    }
    fields = {"input_zero_point": source.zero_point, **output_fields(operator)}
    time = along_time(both)
    if time is None or time.stride != 1 or multiplier != 1:
        return _general(operator, source, output, fields, arrays, both, rows)
    return _over_time(operator, source, output, fields, arrays, time, rows)


def _over_time(
    operator: Operator,
    source: Tensor,
    output: Tensor,
    fields: dict[str, int],
    arrays: dict[str, CArray],
    window: Window,
    rows: NDArray[np.int8],
) -> Layer:
    return Layer(
        operator,
        source,
        output,
        kernel="spl_depthwise_conv_1d_s8",
        fields={
            "input_length": window.input_length,
            "output_length": window.output_length,
            "channels": len(rows),
            "taps": round_up(window.taps),
            "padding": window.padding,
            **fields,
        },
        arrays={"weights": CArray("int8_t", dot_rows(rows)), **arrays},
        scratch_bytes=scratch_bytes(window.input_length, round_up(window.taps), window.output_length),
        in_place=True,
        macs=output.size * window.taps,
    )


def _general(
    operator: Operator,
    source: Tensor,
    output: Tensor,
    fields: dict[str, int],
    arrays: dict[str, CArray],
    both: Windows,
    rows: NDArray[np.int8],
) -> Layer:
    inputs = source.shape[-1]
    return Layer(
        operator,
        source,
        output,
        kernel="spl_depthwise_conv_2d_s8",
        fields={"input_channels": inputs, "multiplier": len(rows) // inputs, **fields},
        arrays={"windows": windows_array(both), "weights": CArray("int8_t", rows.T), **arrays},
        scratch_bytes=len(rows) * INT32_BYTES,
        macs=output.size * rows.shape[1],
    )


def scratch_bytes(length: int, taps: int, points: int) -> int:
    """What the kernel needs for so many points: the signal that they see, and the filter twice."""
    seen = min(length, points + taps - 1)
    return (round_up(seen) + MARGIN + 2 * taps) * INT16_BYTES
