"""CONV_2D and DEPTHWISE_CONV_2D whose filters skip points.

Skipped points are taps of zero to every kernel. Over time, CONV_2D has one that leaves them out:
`spl_dilated_conv_1d_s8`.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators import conv_2d, depthwise_conv_2d
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.filters import INT16_BYTES, dot_rows, round_up, weights
from splkit.codegen.operators.rescale import activation_limits
from splkit.codegen.refusals import refuse
from splkit.codegen.tflite_file.tensors import MAX_ELEMENTS

COLUMNS = 5
"""Points that are computed together, SPL_COLUMNS in spl_columns.h."""
HEIGHT, WIDTH = 1, 2
"""The axes of filters, of either kind."""


def conv(operator: Operator) -> Layer:
    """CONV_2D, dilated or not."""
    return _parsed(operator, conv_2d.parse)


def depthwise_conv(operator: Operator) -> Layer:
    """DEPTHWISE_CONV_2D, dilated or not."""
    return _parsed(operator, depthwise_conv_2d.parse)


def _parsed(operator: Operator, parse: Callable[[Operator], Layer]) -> Layer:
    factors = [int(operator.number(name, 1)) for name in ("DilationHFactor", "DilationWFactor")]
    if factors == [1, 1]:
        return parse(operator)
    filters, _ = weights(operator, 1)
    if len(filters.shape) != 4 or min(factors) < 1:
        raise refuse(operator, f"filters {filters}, dilation {factors}", "filters over height and width")
    layer = parse(_spread(operator, filters, factors))
    return _over_time(layer, filters, factors) if layer.kernel == conv_2d.OVER_TIME else layer


def _spread(operator: Operator, filters: Tensor, factors: list[int]) -> Operator:
    """The same operator without dilation, its filters with zeros between the taps."""
    assert filters.data is not None
    shape = list(filters.shape)
    for axis, factor in zip((HEIGHT, WIDTH), factors, strict=True):
        shape[axis] = (shape[axis] - 1) * factor + 1
    if min(shape) < 1 or int(np.prod(shape, dtype=np.int64)) > MAX_ELEMENTS:
        raise refuse(
            operator, f"filters {filters}, dilation {factors}", f"{MAX_ELEMENTS} taps with those skipped"
        )
    data = np.zeros(shape, np.int8)
    data[:, :: factors[0], :: factors[1]] = filters.data
    options = {**operator.options, "DilationHFactor": 1, "DilationWFactor": 1}
    wide = replace(filters, shape=tuple(shape), data=data)
    return replace(operator, inputs=(operator.inputs[0], wide, *operator.inputs[2:]), options=options)


def _over_time(spread: Layer, filters: Tensor, factors: list[int]) -> Layer:
    """The layer of a convolution over time; `spread` is the one with zeros between the taps."""
    assert filters.data is not None
    rows = filters.data.reshape(filters.shape[0], -1).astype(np.int8)
    taps, fields = filters.shape[HEIGHT] * filters.shape[WIDTH], spread.fields
    row = round_up(rows.shape[1])
    columns = {name: fields[name] for name in ("output_channels", "output_offset")}
    return replace(
        spread,
        kernel="spl_dilated_conv_1d_s8",
        fields={
            "input_length": fields["input_length"],
            "output_length": fields["conv_length"],
            "input_channels": fields["input_channels"],
            "taps": taps,
            "stride": fields["stride"],
            "dilation": factors[0] if filters.shape[HEIGHT] > 1 else factors[1],
            "padding": fields["padding"],
            "input_zero_point": fields["input_zero_point"],
        },
        arrays={},
        parts={
            "rows": replace(
                spread,
                kernel="spl_columns",
                fields={"row": row, **columns},
                arrays={**spread.arrays, "weights": CArray("int8_t", dot_rows(rows))},
            )
        },
        scratch_bytes=row * (COLUMNS * INT16_BYTES + 1),
        clamp=activation_limits(fields),
        macs=spread.output.size * rows.shape[1],
    )
