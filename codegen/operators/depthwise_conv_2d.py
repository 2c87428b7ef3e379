"""DEPTHWISE_CONV_2D: kernel `spl_depthwise_conv_1d_s8` for a filter a channel over time, if its sums
fit its fields, and `spl_depthwise_conv_2d_s8` for all others."""

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer, refuse
from splkit.codegen.operators.filters import (
    INT32_BYTES,
    bias,
    channel_scales,
    dot_rows,
    filtered_ends,
    largest_sum,
    twice_bias,
    weights,
)
from splkit.codegen.operators.geometry import Window, Windows, along_time, windows, windows_array
from splkit.codegen.operators.rescale import activation_limits, are_near, output_fields, requantization
from splkit.fixed_point import INT8_MAX, INT8_MIN

BLOCK, STEP = 6, 8
"""Points and taps that the kernel over time computes together, as in spl_filter_1d.c."""

MARGIN = 14
"""Words of the signal that it keeps beside half of the points: zeros around it, and halves of pairs."""

FIELD = 1 << 21
"""What every sum of some of the products of a filter stays under, its least value taken off."""


def parse(operator: Operator) -> Layer:
    """Filters 1 x height x width x output channels, any stride and depth multiplier."""
    source, output = filtered_ends(operator)
    if len(operator.inputs) == 3 and operator.inputs[2] is None:
        raise refuse(operator, "a bias that is not there", "a bias or two inputs, which TFLM tells apart")
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
    lowest, highest = _reach(rows, source.zero_point)
    is_plain = time is not None and time.stride == 1 and multiplier == 1
    if time is None or not is_plain or not are_near(arrays) or highest - lowest >= FIELD:
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
    taps = whole_steps(window.taps)
    arrays = {
        "weights": CArray("int8_t", dot_rows(np.pad(rows, ((0, 0), (0, taps - window.taps))))),
        **arrays,
    }
    filter_fields = {
        "input_length": window.input_length,
        "channels": len(rows),
        "taps": taps,
        "padding": window.padding,
        "output_offset": fields["output_offset"],
        "field_offset": -_reach(rows, source.zero_point)[0],
    }
    return Layer(
        operator,
        source,
        output,
        kernel="spl_depthwise_conv_1d_s8",
        fields={"output_length": window.output_length, "input_zero_point": source.zero_point},
        parts={
            "filter": Layer(
                operator, source, output, kernel="spl_filter_1d", fields=filter_fields, arrays=arrays
            )
        },
        scratch_bytes=scratch_bytes(window.input_length, taps, window.output_length),
        output_bytes=whole_blocks(window.output_length) * len(rows),
        in_place=True,
        clamp=activation_limits(fields),
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
    """What so many points need: the signal that they see, and the filter."""
    seen = min(length, points + taps - 1)
    return (seen // 2 + MARGIN + taps // 2) * INT32_BYTES


def whole_steps(taps: int) -> int:
    """Taps as they are stored."""
    return -(-taps // STEP) * STEP


def whole_blocks(points: int) -> int:
    """Points that are written where so many are asked for."""
    return points // BLOCK * BLOCK + BLOCK - 1


def _reach(rows: NDArray[np.int8], zero_point: int) -> tuple[int, int]:
    """The least and the most that a sum of some of the products of a row can be; 0 is between them."""
    wide = rows.astype(np.int64)
    ends = np.stack([wide * (INT8_MIN - zero_point), wide * (INT8_MAX - zero_point)])
    return int(ends.min(axis=0).sum(axis=1).min()), int(ends.max(axis=0).sum(axis=1).max())
