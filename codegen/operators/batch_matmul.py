"""BATCH_MATMUL of two activations: kernel `spl_matmul_s8`."""

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer, activation_tensor
from splkit.codegen.operators.copying import broadcast_axes
from splkit.codegen.operators.rescale import kernel_multiplier, offset
from splkit.codegen.refusals import refuse


def parse(operator: Operator) -> Layer:
    """Matrices along the last two axes, transposed or not; the axes before them broadcast."""
    if len(operator.inputs) != 2:
        raise refuse(operator, f"{len(operator.inputs)} inputs", "two activations")
    left, right = (activation_tensor(operator, tensor) for tensor in operator.inputs)
    output = activation_tensor(operator, operator.outputs[0])
    if min(len(left.shape), len(right.shape)) < 2:
        raise refuse(operator, f"{left} and {right}", "matrices")
    # Of each: what stays, then what is summed.
    turned = [bool(operator.number("AdjX", 0)), not operator.number("AdjY", 0)]
    (rows, depth), (columns, common) = (
        tensor.shape[:-3:-1] if is_turned else tensor.shape[-2:]
        for tensor, is_turned in zip((left, right), turned, strict=True)
    )
    batches = _batches(operator, left, right, output)
    if depth != common or output.shape != (*batches, rows, columns):
        raise refuse(operator, f"{left} and {right} -> {output}", "matrices that can be multiplied")
    real = left.scale * right.scale / output.scale
    multiplier, shift = kernel_multiplier(operator, real, depth * 255 * 255)
    steps = [
        (1, tensor.shape[-1]) if is_turned else (tensor.shape[-1], 1)
        for tensor, is_turned in zip((left, right), turned, strict=True)
    ]
    starts = np.stack([_starts(tensor, batches) for tensor in (left, right)], axis=1)
    return Layer(
        operator,
        left,
        output,
        others=(right,),
        kernel="spl_matmul_s8",
        fields={
            "batches": len(starts),
            "rows": rows,
            "columns": columns,
            "depth": depth,
            "left_zero_point": left.zero_point,
            "right_zero_point": right.zero_point,
            "output_offset": offset(output),
            "multiplier": multiplier,
            "shift": shift,
        },
        arrays={
            "steps": CArray("spl_matmul_steps_t", np.array(steps), struct=True),
            "starts": CArray("int32_t", starts),
        },
        macs=output.size * depth,
    )


def _batches(operator: Operator, left: Tensor, right: Tensor, output: Tensor) -> tuple[int, ...]:
    """The axes before the matrices, of the output."""
    try:
        return tuple(np.broadcast_shapes(left.shape[:-2], right.shape[:-2]))
    except ValueError:
        raise refuse(operator, f"{left} and {right} -> {output}", "axes that broadcast") from None


def _starts(tensor: Tensor, batches: tuple[int, ...]) -> np.ndarray:
    """Where the matrix of each product starts, in values."""
    size = tensor.shape[-2] * tensor.shape[-1]
    axes = broadcast_axes(tensor.shape[:-2], batches)
    starts = np.zeros(1, np.int64)
    for count, step, _ in axes:
        starts = (starts[:, np.newaxis] + np.arange(count) * step).ravel()
    return starts * size
