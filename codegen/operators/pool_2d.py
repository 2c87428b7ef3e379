"""MAX_POOL_2D and AVERAGE_POOL_2D over time: kernels `spl_max_pool_1d_s8` and `spl_average_pool_1d_s8`."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, activation_tensor, output_fields, refuse
from splkit.codegen.operators.geometry import time_window

KERNELS = {"MAX_POOL_2D": "spl_max_pool_1d_s8", "AVERAGE_POOL_2D": "spl_average_pool_1d_s8"}


def parse(operator: Operator) -> Layer:
    """Any window and stride along time; input and output share scale and zero point."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    if int(operator.options.get("FilterWidth", 1)) != 1:
        raise refuse(operator, f"a window {operator.options['FilterWidth']:g} wide", "windows 1 wide")
    if (source.scale, source.zero_point) != (output.scale, output.zero_point):
        raise refuse(
            operator,
            f"scales {source.scale:.6g} and {output.scale:.6g}",
            "one scale and zero point on both sides",
        )
    if source.shape[-1] != output.shape[-1]:
        raise refuse(operator, f"{source} -> {output}", "as many channels out as in")
    taps, stride = int(operator.options.get("FilterHeight", 1)), int(operator.options.get("StrideH", 1))
    window = time_window(operator, source, output, taps, stride)
    limits = output_fields(operator)
    return Layer(
        operator,
        source,
        output,
        kernel=KERNELS[operator.kind],
        fields={
            "input_length": window.input_length,
            "output_length": window.output_length,
            "channels": source.shape[-1],
            "window": window.taps,
            "stride": window.stride,
            "padding": window.padding,
            "output_min": limits["output_min"],
            "output_max": limits["output_max"],
        },
        # Written points stay behind those still to be read where windows neither overlap nor start early.
        in_place=window.stride >= window.taps and window.padding == 0,
    )
