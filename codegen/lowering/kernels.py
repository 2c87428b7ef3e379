"""The pass that chooses the kernel of each convolution over time, and lays out its constants for it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from splkit.codegen.graph import Graph
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.conv_2d import OVER_TIME
from splkit.codegen.operators.depthwise_conv_2d import parse_alone
from splkit.codegen.operators.filters import COLUMNS, INT16_BYTES, INT32_BYTES, round_up
from splkit.codegen.operators.fully_connected import row_by_row
from splkit.codegen.operators.rescale import activation_limits
from splkit.fixed_point import INT8_MIN

FALLS = "falls"
"""An array of a pooled convolution: 1 for each channel of whose windows the smallest value counts."""

PLACE = (
    "input_length",
    "conv_length",
    "input_channels",
    "taps",
    "stride",
    "padding",
    "pool",
    "input_zero_point",
)
"""The fields that say what lies under each window; the others belong to the rows of weights."""


def choose_kernels(_graph: Graph, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Gives each convolution over time its kernel."""
    return tuple(_short_where_it_pays(with_kernel(layer)) for layer in layers)


def _short_where_it_pays(layer: Layer) -> Layer:
    """Short filters over time that no other layer is computed with; others come back unchanged."""
    if layer.kernel != "spl_depthwise_conv_1d_s8":
        return layer
    return parse_alone(layer.operator) or layer


def with_kernel(layer: Layer) -> Layer:
    """A convolution over time as its kernel takes it; any other layer comes back unchanged.

    `spl_conv_1d_s8` takes any. One that reads a point for each point is left to `spl_pointwise_s8`; one of a
    single window, all of it in the signal, is a row of FULLY_CONNECTED.
    """
    if layer.kernel != OVER_TIME:
        return layer
    fields = layer.fields
    row = fields["taps"] * fields["input_channels"]
    if _is_one_row(fields):
        arrays = {name: array for name, array in layer.arrays.items() if name != FALLS}
        single = row_by_row(layer.operator, layer.input, layer.output, (1, row), fields, arrays)
        return replace(single, absorbed=layer.absorbed)
    rows = {"row": round_up(row), **_only(fields, ("output_channels", "output_offset"))}
    scratch_bytes = COLUMNS * round_up(row) * INT16_BYTES
    laid_out = replace(
        layer,
        kernel="spl_conv_1d_s8",
        fields=_only(fields, PLACE),
        arrays={},
        parts={"rows": replace(layer, kernel="spl_columns", fields=rows, arrays=_signed(layer))},
        scratch_bytes=scratch_bytes + (INT32_BYTES * fields["output_channels"] if fields["pool"] > 1 else 0),
        clamp=activation_limits(fields),
    )
    if not is_pointwise(layer):
        return laid_out
    return replace(
        laid_out,
        kernel="spl_pointwise_s8",
        fields={"length": fields["conv_length"], **_only(fields, ("input_channels", "pool"))},
        scratch_bytes=scratch_bytes,
        in_place=fields["output_channels"] <= min(fields["pool"], COLUMNS) * row,
    )


def _is_one_row(fields: Mapping[str, int]) -> bool:
    """Whether there is one window, which reaches beyond neither end of the signal."""
    is_inside = fields["padding"] == 0 and fields["taps"] <= fields["input_length"]
    return fields["conv_length"] == 1 and is_inside


def can_fall(conv: Layer, window: int) -> bool:
    """Whether the smallest of a window can stand for the largest in a channel: see `_signed`."""
    at_once = window <= COLUMNS or not is_pointwise(conv)
    return at_once and int(np.min(conv.arrays["weights"].values)) > INT8_MIN


def _signed(layer: Layer) -> dict[str, CArray]:
    """The arrays with all signs changed of channels that fall, whose largest sum is then their smallest.

    A window of one point has neither, and its kernel rounds by the sum's sign: nothing is changed.
    """
    signed = dict(layer.arrays)
    falls = signed.pop(FALLS, None)
    if falls is not None and layer.fields["pool"] > 1:
        signs = 1 - 2 * falls.values.astype(np.int64)
        for name in ("weights", "bias", "multipliers"):
            values = signed[name].values
            wide = values.astype(np.int64) * signs.reshape(-1, *(1,) * (values.ndim - 1))
            signed[name] = replace(signed[name], values=wide.astype(values.dtype))
    return signed


def is_pointwise(conv: Layer) -> bool:
    """Whether a convolution reads one point for each that it writes."""
    return all(conv.fields[name] == value for name, value in (("taps", 1), ("stride", 1), ("padding", 0)))


def _only(fields: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    return {name: fields[name] for name in names}
