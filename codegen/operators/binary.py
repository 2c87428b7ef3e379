"""Two activations, element by element: kernels `spl_add_s8`, `spl_mul_s8` and `spl_extremum_s8`.

Where their shapes differ these are parts of `spl_add_broadcast_s8` and its like.
"""

from dataclasses import replace

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import Layer, activation_tensor, require_same_quantization
from splkit.codegen.operators.copying import broadcast_axes, copy_layer
from splkit.codegen.operators.rescale import kernel_multiplier, output_fields
from splkit.codegen.refusals import refuse
from splkit.fixed_point import quantize_multiplier

LEFT_SHIFT = 20
"""TFLM raises int8 operands of a sum by so many bits before it rescales them to twice the larger scale."""

SIGNS = {"MAXIMUM": 1, "MINIMUM": -1}
"""By which values are multiplied, so that the larger one is wanted."""


def is_binary(operator: Operator) -> bool:
    """Whether the operator reads two activations, rather than one and a constant."""
    return sum(tensor is not None and tensor.data is None for tensor in operator.inputs) > 1


def parse(operator: Operator) -> Layer:
    """Element by element, in the output's shape."""
    if len(operator.inputs) != 2:
        raise refuse(operator, f"{len(operator.inputs)} inputs", "two")
    first, second = (activation_tensor(operator, tensor) for tensor in operator.inputs)
    output = activation_tensor(operator, operator.outputs[0])
    require_broadcast(operator, first, second, output)
    name, make_fields = KERNELS[operator.kind]
    plain = Layer(
        operator,
        first,
        output,
        others=(second,),
        kernel=f"spl_{name}_s8",
        fields={"size": output.size, **make_fields(operator, first, second, output)},
        in_place=True,
    )
    copies = {
        role: copy_layer(operator, tensor, output, broadcast_axes(tensor.shape, output.shape))
        for role, tensor in (("first", first), ("second", second))
        if tensor.size != output.size
    }
    if not copies:
        return plain
    return replace(
        plain,
        kernel=f"spl_{name}_broadcast_s8",
        fields={},
        parts={"repeats": replace(plain, kernel="spl_repeats_s8", fields={}, parts=copies), name: plain},
        scratch_bytes=output.size if len(copies) == 2 else 0,
        in_place=False,
    )


def require_broadcast(operator: Operator, first: Tensor, second: Tensor, output: Tensor) -> None:
    """Refuses shapes that do not broadcast to the output's."""
    try:
        shape = np.broadcast_shapes(first.shape, second.shape)
    except ValueError:
        shape = ()
    if shape != output.shape:
        raise refuse(operator, f"{first} and {second} -> {output}", "shapes that broadcast to the output's")


def sum_factors(operator: Operator, first: Tensor, second: Tensor, output: Tensor) -> dict[str, float]:
    """What TFLM multiplies both operands of a sum with, and then the sum."""
    twice_max_scale = 2.0 * max(first.scale, second.scale)
    factors = {
        "first": first.scale / twice_max_scale,
        "second": second.scale / twice_max_scale,
        "output": twice_max_scale / ((1 << LEFT_SHIFT) * output.scale),
    }
    for name, factor in factors.items():
        if not 0.0 < factor < 1.0 or quantize_multiplier(factor)[1] > 0:
            raise refuse(operator, f"{name} factor {factor:.3g}", "scales less far apart")
    return factors


def _product(operator: Operator, first: Tensor, second: Tensor, output: Tensor) -> dict[str, int]:
    multiplier, shift = kernel_multiplier(operator, first.scale * second.scale / output.scale, 255 * 255)
    return {
        "multiplier": multiplier,
        "shift": shift,
        **_zero_points(first, second),
        **output_fields(operator),
    }


def _sum(operator: Operator, first: Tensor, second: Tensor, output: Tensor) -> dict[str, int]:
    fields = _zero_points(first, second)
    fields |= {"twice_raised": 2 << LEFT_SHIFT, "sign": -1 if operator.kind == "SUB" else 1}
    for name, factor in sum_factors(operator, first, second, output).items():
        multiplier, shift = kernel_multiplier(operator, factor, 255 << LEFT_SHIFT)
        fields |= {f"{name}_multiplier": multiplier, f"{name}_shift": shift}
    return fields | output_fields(operator)


def _extremum(operator: Operator, first: Tensor, second: Tensor, output: Tensor) -> dict[str, int]:
    for each in (first, second):
        require_same_quantization(operator, each, output)
    return {"sign": SIGNS[operator.kind]}


def _zero_points(first: Tensor, second: Tensor) -> dict[str, int]:
    return {"first_zero_point": first.zero_point, "second_zero_point": second.zero_point}


KERNELS = {
    "ADD": ("add", _sum),
    "SUB": ("add", _sum),
    "MUL": ("mul", _product),
    "MAXIMUM": ("extremum", _extremum),
    "MINIMUM": ("extremum", _extremum),
}
"""What a kernel's name is made of, and its fields."""
