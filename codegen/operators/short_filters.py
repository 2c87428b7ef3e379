"""Kernel `spl_short_filter_1d_s8`: depthwise filters over time of a few taps."""

import numpy as np

from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.filters import INT16_BYTES, Filtered
from splkit.codegen.operators.geometry import Window
from splkit.codegen.operators.rescale import activation_limits, are_near

MIN_PAIRS, MAX_PAIRS = 2, 8
"""Pairs of taps that it has variants for."""
STRIDES = {1: "", 2: "_by_2"}
"""Whose variants share loads, with their names."""


def short_filters(conv: Filtered, window: Window) -> Layer | None:
    """The layer of filters over time, if they are short enough; None where it has no variant for them."""
    pairs = max(-(-window.taps // 2), MIN_PAIRS)
    inputs, channels = conv.source.shape[-1], len(conv.rows)
    is_expansion = window.taps == inputs == 1 < channels
    if pairs > MAX_PAIRS or is_expansion or not are_near(conv.arrays):
        return None
    weights = np.zeros((channels, 2 * pairs), np.int8)
    weights[:, : window.taps] = conv.rows
    return Layer(
        conv.operator,
        conv.source,
        conv.output,
        kernel="spl_short_filter_1d_s8",
        slower="" if window.stride in STRIDES else f"a stride of {window.stride}",
        variant=f"{STRIDES.get(window.stride, '_by_any')}_of_{pairs}",
        fields={
            "input_length": window.input_length,
            "output_length": window.output_length,
            "stride": window.stride,
            "padding": window.padding,
            "input_channels": inputs,
            "multiplier": channels // inputs,
            **{name: conv.fields[name] for name in ("input_zero_point", "output_offset")},
        },
        arrays={"weights": CArray("int8_t", weights), **conv.arrays},
        scratch_bytes=((window.output_length - 1) * window.stride + 2 * pairs + 2) // 2 * 2 * INT16_BYTES,
        in_place=channels == inputs,
        clamp=activation_limits(conv.fields),
        macs=conv.macs,
    )
