"""MAX_POOL_2D and AVERAGE_POOL_2D: kernels `spl_max_pool_1d_s8` and `spl_average_pool_1d_s8` over time,
`spl_max_pool_2d_s8` and `spl_average_pool_2d_s8` over height and width."""

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, ends, require_same_quantization
from splkit.codegen.operators.geometry import along_time, windows, windows_array
from splkit.codegen.operators.rescale import output_fields
from splkit.codegen.refusals import refuse

KERNELS = {"MAX_POOL_2D": "spl_max_pool", "AVERAGE_POOL_2D": "spl_average_pool"}


def parse(operator: Operator) -> Layer:
    """Any window and stride; input and output share scale and zero point."""
    source, output = ends(operator, 1)
    require_same_quantization(operator, source, output)
    if source.shape[-1] != output.shape[-1]:
        raise refuse(operator, f"{source} -> {output}", "as many channels out as in")
    high, wide = (int(operator.number(name, 1)) for name in ("FilterHeight", "FilterWidth"))
    both = windows(operator, source, output, (high, wide))
    limits = output_fields(operator)
    fields = {
        "channels": source.shape[-1],
        "output_min": limits["output_min"],
        "output_max": limits["output_max"],
    }
    kernel, time = KERNELS[operator.kind], along_time(both)
    if time is None:
        arrays = {"windows": windows_array(both)}
        return Layer(operator, source, output, kernel=f"{kernel}_2d_s8", fields=fields, arrays=arrays)
    return Layer(
        operator,
        source,
        output,
        kernel=f"{kernel}_1d_s8",
        fields={
            "input_length": time.input_length,
            "output_length": time.output_length,
            "window": time.taps,
            "stride": time.stride,
            "padding": time.padding,
            **fields,
        },
        # Written points stay behind those still to be read where windows neither overlap nor start early.
        in_place=time.stride >= time.taps and time.padding == 0,
    )
