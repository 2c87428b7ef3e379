"""CONCATENATION along one axis, and PACK along a new one: kernel `spl_concatenation_s8`."""

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import (
    CArray,
    Layer,
    activation_tensor,
    require_activation,
    require_same_quantization,
)
from splkit.codegen.refusals import refuse

MAX_INPUTS = 10
"""As many as TFLM takes."""


def parse(operator: Operator) -> Layer:
    """Inputs and output share scale and zero point, and all lengths but one."""
    require_activation(operator, "NONE")
    output = activation_tensor(operator, operator.outputs[0])
    if len(operator.inputs) > MAX_INPUTS:
        raise refuse(operator, f"{len(operator.inputs)} inputs", f"at most {MAX_INPUTS}")
    inputs = [activation_tensor(operator, tensor) for tensor in operator.inputs]
    if operator.kind == "PACK" and int(operator.number("ValuesCount", 0)) != len(inputs):
        raise refuse(
            operator, f"{len(inputs)} inputs", f"{operator.number('ValuesCount', 0):g}, as its options say"
        )
    axis = _axis(operator, output)
    shapes = [_stretched(operator, tensor, axis) for tensor in inputs]
    for tensor, shape in zip(inputs, shapes, strict=True):
        require_same_quantization(operator, tensor, output)
        if len(shape) != len(output.shape) or _others(shape, axis) != _others(output.shape, axis):
            raise refuse(operator, f"{tensor} -> {output}", f"one shape but for axis {axis}")
    if sum(shape[axis] for shape in shapes) != output.shape[axis]:
        raise refuse(operator, f"{', '.join(map(str, inputs))} -> {output}", "lengths that add up")
    rows = int(np.prod(output.shape[:axis], dtype=np.int64))
    runs = np.array([tensor.size // rows for tensor in inputs], np.int32)
    return Layer(
        operator,
        inputs[0],
        output,
        others=tuple(inputs[1:]),
        kernel="spl_concatenation_s8",
        fields={"rows": rows, "count": len(inputs)},
        arrays={"runs": CArray("int32_t", runs)},
        listed_inputs=True,
    )


def _stretched(operator: Operator, tensor: Tensor, axis: int) -> tuple[int, ...]:
    """The shape of an input, with the axis that PACK adds."""
    return (*tensor.shape[:axis], 1, *tensor.shape[axis:]) if operator.kind == "PACK" else tensor.shape


def _others(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    """Lengths along all axes but one."""
    return (*shape[:axis], *shape[axis + 1 :])


def _axis(operator: Operator, output: Tensor) -> int:
    axis = int(operator.number("Axis", 0))
    if not -len(output.shape) <= axis < len(output.shape):
        raise refuse(operator, f"axis {axis} of {output}", "an axis that its tensors have")
    return axis % len(output.shape)
