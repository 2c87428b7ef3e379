"""FULLY_CONNECTED: for one row of the input kernel `spl_fully_connected_rows_s8`, or with few outputs
`spl_fully_connected_s8`; for several the pointwise convolution."""

from collections.abc import Mapping

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.conv_2d import over_time
from splkit.codegen.operators.filters import (
    INT16_BYTES,
    INT32_BYTES,
    ROWS,
    channel_reals,
    dot_rows,
    filtered,
    filtered_ends,
    round_up,
    rows_side_by_side,
    weights,
)
from splkit.codegen.operators.geometry import Window
from splkit.codegen.operators.rescale import activation_limits, are_near
from splkit.codegen.refusals import refuse

CHUNK, MANY_INPUTS = 256, 1024
"""Inputs that are widened at a time where there are many, SPL_ROWS_CHUNK: it takes less scratch."""

BIAS_TOLERANCE = 0.02
"""How far the bias's scale may be from the sums', in output steps."""


def parse(operator: Operator) -> Layer:
    """Weights out x in on rows of `in` values."""
    source, output = filtered_ends(operator)
    filters, rows = weights(operator, 1)
    if len(filters.shape) != 2 or output.shape[-1] != filters.shape[0]:
        raise refuse(operator, f"weights {filters} on {source} -> {output}", "weights out x in")
    outputs, inputs = filters.shape
    points = output.size // outputs
    if source.size != points * inputs:
        raise refuse(operator, f"weights {filters} on {source} -> {output}", "as many rows out as in")
    dense = filtered(operator, source, output, rows, _reals(operator, source, filters, output))
    if points > 1 and are_near(dense.arrays):
        return over_time(dense, Window(points, points, 1, 1, 0))
    arrays = {"weights": CArray("int8_t", dot_rows(rows)), **dense.arrays}
    return row_by_row(operator, source, output, (points, inputs), dense.fields, arrays)


def row_by_row(
    operator: Operator,
    source: Tensor,
    output: Tensor,
    rows: tuple[int, int],
    fields: Mapping[str, int],
    arrays: Mapping[str, CArray],
) -> Layer:
    """The layer that takes one row of the input at a time; `rows` are their number and their size."""
    points, inputs = rows
    outputs = arrays["bias"].values.size
    kernel, variant, layout = "spl_fully_connected_s8", "", dict(arrays)
    scratch_bytes = round_up(inputs) * INT16_BYTES
    if outputs >= ROWS and inputs > 16:
        kernel = "spl_fully_connected_rows_s8"
        layout["weights"] = CArray("int8_t", rows_side_by_side(arrays["weights"].values.astype(np.int8)))
        layout["bias"] = CArray("int32_t", np.pad(arrays["bias"].values, (0, -outputs % ROWS)))
        in_chunks = CHUNK * INT16_BYTES + layout["bias"].values.size * INT32_BYTES
        if inputs > MANY_INPUTS and in_chunks < scratch_bytes:
            variant, scratch_bytes = "_in_chunks", in_chunks
    return Layer(
        operator,
        source,
        output,
        kernel=kernel,
        variant=variant,
        slower="" if outputs >= ROWS else f"fewer than {ROWS} outputs",
        fields={
            "points": points,
            "inputs": inputs,
            "outputs": outputs,
            "output_offset": fields["output_offset"],
        },
        arrays=layout,
        scratch_bytes=scratch_bytes,
        in_place=outputs <= inputs,
        clamp=activation_limits(fields),
        macs=points * inputs * outputs,
    )


def _reals(operator: Operator, source: Tensor, filters: Tensor, output: Tensor) -> list[float]:
    """The factors of the sums. TFLM wants the bias of per-tensor weights at their products' scale."""
    assert filters.quantization is not None
    addend, product = operator.inputs[2] if len(operator.inputs) > 2 else None, source.scale * filters.scale
    if addend is not None and len(filters.quantization.scales) == 1:
        bias_scale = addend.scale if addend.quantization is not None else 0.0
        if abs(product - bias_scale) > BIAS_TOLERANCE * output.scale:
            raise refuse(operator, f"a bias of scale {bias_scale:.3g}", f"a bias at the sums' {product:.3g}")
    return channel_reals(operator, source, filters, output)
