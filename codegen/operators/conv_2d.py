"""CONV_2D: kernel `spl_conv_1d_s8` over time, which `codegen.layout` refines, else `spl_conv_2d_s8`."""

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer, refuse
from splkit.codegen.operators.filters import (
    INT16_BYTES,
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
from splkit.codegen.operators.rescale import are_near, output_fields, requantization


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
    rows = values.reshape(outputs, -1)
    biases = bias(operator, 2, outputs)
    reals = [source.scale * s / output.scale for s in channel_scales(operator, filters, outputs)]
    arrays = {
        "weights": CArray("int8_t", dot_rows(rows)),
        "bias": twice_bias(biases, rows, source.zero_point),
        **requantization(operator, reals, largest_sum(operator, rows, biases, source.zero_point)),
    }
    fields = {
        "input_channels": inputs,
        "output_channels": outputs,
        "input_zero_point": source.zero_point,
        **output_fields(operator),
    }
    macs = output.size * rows.shape[1]
    time = along_time(both)
    if time is None or not are_near(arrays):
        return _over_image(operator, source, output, fields, arrays, both, macs)
    return _over_time(operator, source, output, fields, arrays, time, macs)


def _over_time(
    operator: Operator,
    source: Tensor,
    output: Tensor,
    fields: dict[str, int],
    arrays: dict[str, CArray],
    window: Window,
    macs: int,
) -> Layer:
    return Layer(
        operator,
        source,
        output,
        kernel="spl_conv_1d_s8",
        fields={
            "input_length": window.input_length,
            "conv_length": window.output_length,
            "taps": window.taps,
            "stride": window.stride,
            "padding": window.padding,
            "pool": 1,
            **fields,
        },
        arrays=arrays,
        macs=macs,
    )


def pointwise(
    operator: Operator,
    source: Tensor,
    output: Tensor,
    fields: dict[str, int],
    arrays: dict[str, CArray],
) -> Layer:
    """The convolution over time with one tap that multiplies the weights with each row of the input."""
    outputs = arrays["bias"].values.size
    points = output.size // outputs
    channels = {"input_channels": source.size // points, "output_channels": outputs}
    window = Window(points, points, 1, 1, 0)
    fields = {**channels, "input_zero_point": source.zero_point, **fields}
    return _over_time(operator, source, output, fields, arrays, window, source.size * outputs)


def _over_image(
    operator: Operator,
    source: Tensor,
    output: Tensor,
    fields: dict[str, int],
    arrays: dict[str, CArray],
    both: Windows,
    macs: int,
) -> Layer:
    row = round_up(both[0].taps * both[1].taps * fields["input_channels"])
    return Layer(
        operator,
        source,
        output,
        kernel="spl_conv_2d_s8",
        fields=fields,
        arrays={"windows": windows_array(both), **arrays},
        scratch_bytes=row * (INT16_BYTES + 1),
        macs=macs,
    )
