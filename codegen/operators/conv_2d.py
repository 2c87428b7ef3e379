"""CONV_2D: over time a layer whose kernel `codegen.lowering` chooses, else kernel `spl_conv_2d_s8`."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.filters import (
    COLUMNS,
    INT16_BYTES,
    Filtered,
    channel_reals,
    dot_rows,
    filtered,
    filtered_ends,
    round_up,
    weights,
)
from splkit.codegen.operators.geometry import Window, Windows, along_time, windows, windows_array
from splkit.codegen.operators.rescale import NEAR_SHIFTS, activation_limits, are_near
from splkit.codegen.refusals import refuse

OVER_TIME = "convolution over time"
"""In the place of a kernel's name, until `codegen.lowering.kernels` has chosen one."""


FAR_SHIFTS = f"a scale whose shift is not {NEAR_SHIFTS[0]} to {NEAR_SHIFTS[-1]}"
"""Why a layer is left to a kernel that takes any shift."""


def parse(operator: Operator) -> Layer:
    """Filters out x height x width x in, any stride."""
    source, output = filtered_ends(operator)
    filters, values = weights(operator, 1)
    if len(filters.shape) != 4:
        raise refuse(operator, f"filters {filters}", "filters out x height x width x in")
    outputs, high, wide, inputs = filters.shape
    if source.shape[-1] != inputs or output.shape[-1] != outputs:
        raise refuse(operator, f"filters {filters} on {source} -> {output}", "matching channels")
    both = windows(operator, source, output, (high, wide))
    reals = channel_reals(operator, source, filters, output)
    conv = filtered(operator, source, output, values.reshape(outputs, -1), reals)
    return convolution(conv, both)


def convolution(conv: Filtered, both: Windows) -> Layer:
    """The layer of a convolution, whatever its windows are."""
    time = along_time(both)
    if time is None:
        return _over_image(conv, both)
    return over_time(conv, time) if are_near(conv.arrays) else _over_image(conv, both, FAR_SHIFTS)


def over_time(conv: Filtered, window: Window) -> Layer:
    """The layer of a convolution whose window slides along one axis."""
    outputs, row = conv.rows.shape
    return Layer(
        conv.operator,
        conv.source,
        conv.output,
        kernel=OVER_TIME,
        fields={
            "input_length": window.input_length,
            "conv_length": window.output_length,
            "input_channels": row // window.taps,
            "output_channels": outputs,
            "taps": window.taps,
            "stride": window.stride,
            "padding": window.padding,
            "pool": 1,
            **conv.fields,
        },
        arrays={"weights": CArray("int8_t", dot_rows(conv.rows)), **conv.arrays},
        macs=conv.macs,
    )


def _over_image(conv: Filtered, both: Windows, slower: str = "") -> Layer:
    """The layer of a convolution whose window slides along both axes, or whose shifts are rare ones."""
    outputs, row = conv.rows.shape
    ends = (conv.operator, conv.source, conv.output)
    rows = {"row": round_up(row), "output_channels": outputs, "output_offset": conv.fields["output_offset"]}
    arrays = {"weights": CArray("int8_t", dot_rows(conv.rows)), **conv.arrays}
    return Layer(
        *ends,
        kernel="spl_conv_2d_s8",
        slower=slower,
        fields={
            "input_channels": row // (both[0].taps * both[1].taps),
            "input_zero_point": conv.fields["input_zero_point"],
            "is_near": int(are_near(conv.arrays)),
        },
        arrays={"windows": windows_array(both)},
        parts={"rows": Layer(*ends, kernel="spl_columns", fields=rows, arrays=arrays)},
        scratch_bytes=round_up(row) * (COLUMNS * INT16_BYTES + 1),
        clamp=activation_limits(conv.fields),
        macs=conv.macs,
    )
