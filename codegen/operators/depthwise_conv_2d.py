"""DEPTHWISE_CONV_2D: kernel `spl_depthwise_conv_1d_s8` for a filter a channel over time; filters of a single
channel are a convolution; `spl_depthwise_conv_2d_s8` for all others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.conv_2d import FAR_SHIFTS, convolution
from splkit.codegen.operators.filters import (
    INT16_BYTES,
    INT32_BYTES,
    Filtered,
    channel_reals,
    dot_rows,
    filtered,
    filtered_ends,
    round_up,
    weights,
)
from splkit.codegen.operators.geometry import Window, Windows, along_time, windows, windows_array
from splkit.codegen.operators.rescale import activation_limits, are_near
from splkit.codegen.operators.short_filters import MAX_PAIRS, short_filters
from splkit.codegen.refusals import refuse
from splkit.fixed_point import INT8_MAX, INT8_MIN

BLOCK, STEP = 6, 8
"""Points and taps that the kernel over time computes together, as in spl_filter_1d.c."""

MARGIN = 14
"""Words of the signal that it keeps beside half of the points: zeros around it, and halves of pairs."""

IN_PARTS = "_in_parts"
"""The variant of kernels whose filters are multiplied part by part."""

MANY = 4
"""Filters of an image's only channel from which on they are computed as those of a convolution."""

PLANE_BYTES, PLANE_SHARE = 1024, 8
"""What a channel's rows in scratch may take: so much, or this part of the input where that is more."""

POINT = Window(1, 1, 1, 1, 0)
"""The window of the axis that a signal over time does not have."""

FIELD_BITS = 21
FIELD = 1 << FIELD_BITS
"""What every sum of some of the products of a filter stays under, its least value taken off."""


@dataclass(frozen=True)
class _Depthwise:
    """What a DEPTHWISE_CONV_2D says: a row of weights for each output channel, its factor, the windows."""

    operator: Operator
    source: Tensor
    output: Tensor
    rows: NDArray[np.int8]
    reals: list[float]
    windows: Windows

    @property
    def multiplier(self) -> int:
        """Filters of each input channel."""
        return len(self.rows) // self.source.shape[-1]

    def filtered(self, *, raw: bool = True) -> Filtered:
        """Checked, as kernels take it."""
        return filtered(self.operator, self.source, self.output, self.rows, self.reals, raw=raw)


def parse(operator: Operator) -> Layer:
    """Filters 1 x height x width x output channels, any stride and depth multiplier."""
    found = _read(operator)
    time = along_time(found.windows)
    if time is not None and time.stride == 1 and found.multiplier == 1:
        conv = found.filtered(raw=False)
        if are_near(conv.arrays):
            return _over_time(conv, time)
    conv = found.filtered()
    short = None if time is None else short_filters(conv, time)
    if short is not None:
        return short
    if len(found.rows) == found.multiplier >= MANY and (time is None or time.taps == 1):
        return convolution(conv, found.windows)
    if time is None:
        return _by_channel(conv, found.windows, _why_not_three_by_three(conv, found.windows))
    return _by_channel(conv, (POINT, time), _why_not_packed(conv, time))


def parse_alone(operator: Operator) -> Layer | None:
    """The layer of short filters that no other layer is computed with; None where it is `parse`'s."""
    found = _read(operator)
    time = along_time(found.windows)
    return None if time is None else short_filters(found.filtered(), time)


def _read(operator: Operator) -> _Depthwise:
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
    reals = channel_reals(operator, source, filters, output)
    return _Depthwise(operator, source, output, values.reshape(-1, channels).T, reals, both)


def _over_time(conv: Filtered, window: Window) -> Layer:
    taps, channels = whole_steps(window.taps), len(conv.rows)
    padded = np.pad(conv.rows, ((0, 0), (0, taps - window.taps)))
    part, lowest = _part(padded, conv.source.zero_point)
    filter_fields = {
        "input_length": window.input_length,
        "channels": channels,
        "taps": taps,
        "part": part,
        "padding": window.padding,
        "output_offset": conv.fields["output_offset"],
        "field_offset": -lowest,
    }
    ends = (conv.operator, conv.source, conv.output)
    arrays = {"weights": CArray("int8_t", dot_rows(padded)), **conv.arrays}
    return Layer(
        *ends,
        kernel="spl_depthwise_conv_1d_s8",
        variant=IN_PARTS if part < taps else "",
        slower=f"sums over more than {part} taps that leave {FIELD_BITS} bits" if part < taps else "",
        fields={
            "output_length": window.output_length,
            "input_zero_point": conv.fields["input_zero_point"],
        },
        parts={"filter": Layer(*ends, kernel="spl_filter_1d", fields=filter_fields, arrays=arrays)},
        scratch_bytes=scratch_bytes(window.input_length, taps, window.output_length),
        output_bytes=whole_blocks(window.output_length) * channels,
        in_place=True,
        clamp=activation_limits(conv.fields),
        macs=conv.macs,
    )


def _why_not_packed(conv: Filtered, window: Window) -> str:
    """Why filters over time can neither be multiplied four products at a time nor are short ones."""
    if not are_near(conv.arrays):
        return FAR_SHIFTS
    multiplier = len(conv.rows) // conv.source.shape[-1]
    why = f"a stride of {window.stride}" if window.stride != 1 else f"a depth multiplier of {multiplier}"
    return f"{why} with more than {2 * MAX_PAIRS} taps"


def _why_not_three_by_three(conv: Filtered, both: Windows) -> str:
    """Why an image's filters cannot be those of spl_filter_3x3.c."""
    high, wide = both
    if (high.taps, wide.taps) != (3, 3):
        return f"filters of {high.taps} x {wide.taps}, which are not 3 x 3"
    if high.stride > 2:
        return f"a stride of {high.stride}"
    return "" if are_near(conv.arrays) else FAR_SHIFTS


def _by_channel(conv: Filtered, both: Windows, slower: str) -> Layer:
    inputs, channels = conv.source.shape[-1], len(conv.rows)
    high, wide = both
    taps = round_up(wide.taps)
    weights = np.zeros((channels, high.taps, taps), np.int8)
    weights[..., : wide.taps] = conv.rows.reshape(channels, high.taps, wide.taps)
    row_bytes = _whole_pairs((wide.output_length - 1) * wide.stride + taps) * INT16_BYTES
    budget = max(PLANE_BYTES, conv.source.size // PLANE_SHARE)
    rows = (budget // row_bytes - high.taps) // high.stride + 1
    rows = min(max(rows, 1), high.output_length)
    seen = (rows - 1) * high.stride + high.taps
    return Layer(
        conv.operator,
        conv.source,
        conv.output,
        kernel="spl_depthwise_conv_2d_s8",
        slower=slower,
        fields={
            "input_channels": inputs,
            "multiplier": channels // inputs,
            "rows": rows,
            "taps": taps,
            **{name: conv.fields[name] for name in ("input_zero_point", "output_offset")},
        },
        arrays={
            "windows": windows_array(both),
            "weights": CArray("int8_t", weights),
            **conv.arrays,
        },
        scratch_bytes=(high.taps * taps + 2) * INT16_BYTES + seen * row_bytes,
        in_place=channels == inputs,
        clamp=activation_limits(conv.fields),
        macs=conv.macs,
    )


def scratch_bytes(length: int, taps: int, points: int) -> int:
    """What so many points need: the signal that they see, and the filter."""
    seen = min(length, points + taps - 1)
    return (seen // 2 + MARGIN + taps // 2) * INT32_BYTES


def _whole_pairs(count: int) -> int:
    return count + count % 2


def whole_steps(taps: int) -> int:
    """Taps as they are stored."""
    return -(-taps // STEP) * STEP


def whole_blocks(points: int) -> int:
    """Points that are written where so many are asked for."""
    return points // BLOCK * BLOCK + BLOCK - 1


def _part(rows: NDArray[np.int8], zero_point: int) -> tuple[int, int]:
    """Taps, in whole steps, over which no sum of some products of any row leaves its field; its least value.

    As few parts as that allows. The largest products of a step are far inside of a field.
    """
    steps = rows.shape[1] // STEP
    wide = rows.astype(np.int64).reshape(len(rows), steps, STEP, 1)
    ends = wide * np.array([INT8_MIN - zero_point, INT8_MAX - zero_point])
    reach = np.stack([ends.min(axis=3).sum(axis=2), ends.max(axis=3).sum(axis=2)])
    before = np.concatenate([np.zeros((2, len(rows), 1), np.int64), reach.cumsum(axis=2)], axis=2)
    for parts in range(1, steps + 1):
        part = -(-steps // parts)
        sums = before[..., part:] - before[..., :-part]
        lowest, highest = int(sums[0].min()), int(sums[1].max())
        if highest - lowest < FIELD:
            break
    return part * STEP, lowest
