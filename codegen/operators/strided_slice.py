"""STRIDED_SLICE that takes one run of bytes, such as the last time step: a view, no code."""

import numpy as np

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, activation_tensor, refuse


def parse(operator: Operator) -> Layer:
    """Slices whose elements lie side by side in the input, in order."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    # Sliced addresses say where the elements lie, whatever the masks.
    addresses = np.arange(source.size).reshape(source.shape)[_slices(operator, len(source.shape))].ravel()
    if addresses.size != output.size or addresses.size == 0:
        raise refuse(operator, f"{addresses.size} elements for {output}", "as many elements as its output")
    if not np.array_equal(addresses, np.arange(addresses[0], addresses[0] + addresses.size)):
        raise refuse(operator, "elements that do not lie side by side", "slices that are one run of elements")
    return Layer(operator, source, output, view_offset=int(addresses[0]))


def _slices(operator: Operator, dimensions: int) -> tuple[slice | int, ...]:
    vectors = []
    for tensor in operator.inputs[1:4]:
        if tensor is None or tensor.data is None or tensor.dtype != "int32" or tensor.size > dimensions:
            raise refuse(
                operator, "begin, end or strides that are computed", "constant begin, end and strides"
            )
        vectors.append([int(value) for value in tensor.data.ravel()])
    if len({len(vector) for vector in vectors}) != 1 or len(vectors) != 3 or 0 in vectors[2]:
        raise refuse(
            operator, f"begin, end, strides {vectors}", "begin, end and strides of one length, no stride 0"
        )
    if operator.options.get("EllipsisMask") or operator.options.get("NewAxisMask"):
        raise refuse(operator, "an ellipsis or a new axis", "plain slices")
    masks = [int(operator.options.get(name, 0)) for name in ("BeginMask", "EndMask", "ShrinkAxisMask")]
    slices: list[slice | int] = []
    for axis, (begin, end, stride) in enumerate(zip(*vectors, strict=True)):
        no_begin, no_end, shrink = (bool(mask >> axis & 1) for mask in masks)
        slices.append(
            begin if shrink else slice(None if no_begin else begin, None if no_end else end, stride)
        )
    return tuple(slices)
