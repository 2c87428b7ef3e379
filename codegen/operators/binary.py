"""ADD, SUB and MUL of two activations of one shape: kernels `spl_add_s8` and `spl_mul_s8`."""

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import Layer, activation_tensor, kernel_multiplier, output_fields, refuse

LEFT_SHIFT = 20
"""TFLM raises int8 operands of a sum by so many bits before it rescales them to twice the larger scale."""


def is_binary(operator: Operator) -> bool:
    """Whether the operator reads two activations, rather than one and a constant."""
    return sum(tensor is not None and tensor.data is None for tensor in operator.inputs) > 1


def parse(operator: Operator) -> Layer:
    """Element by element, without broadcasting."""
    if len(operator.inputs) != 2:
        raise refuse(operator, f"{len(operator.inputs)} inputs", "two activations of one shape")
    first, second = (activation_tensor(operator, tensor) for tensor in operator.inputs)
    output = activation_tensor(operator, operator.outputs[0])
    if not first.shape == second.shape == output.shape:
        raise refuse(operator, f"{first} and {second} -> {output}", "two activations of one shape")
    multiplied = operator.kind == "MUL"
    fields = (
        _product(operator, first, second, output) if multiplied else _sum(operator, first, second, output)
    )
    return Layer(
        operator,
        first,
        output,
        others=(second,),
        kernel="spl_mul_s8" if multiplied else "spl_add_s8",
        fields={
            "size": output.size,
            "first_zero_point": first.zero_point,
            "second_zero_point": second.zero_point,
            **fields,
            **output_fields(operator),
        },
        in_place=True,
    )


def _product(operator: Operator, first: Tensor, second: Tensor, output: Tensor) -> dict[str, int]:
    multiplier, shift = kernel_multiplier(operator, first.scale * second.scale / output.scale, 255 * 255)
    return {"multiplier": multiplier, "shift": shift}


def _sum(operator: Operator, first: Tensor, second: Tensor, output: Tensor) -> dict[str, int]:
    twice_max_scale, largest = 2.0 * max(first.scale, second.scale), 255 << LEFT_SHIFT
    factors = {
        "first": first.scale / twice_max_scale,
        "second": second.scale / twice_max_scale,
        "output": twice_max_scale / ((1 << LEFT_SHIFT) * output.scale),
    }
    fields = {"twice_raised": 2 << LEFT_SHIFT, "sign": -1 if operator.kind == "SUB" else 1}
    for name, factor in factors.items():
        multiplier, shift = kernel_multiplier(operator, factor, largest)
        fields |= {f"{name}_multiplier": multiplier, f"{name}_shift": shift}
    return fields
