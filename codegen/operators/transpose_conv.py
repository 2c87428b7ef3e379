"""TRANSPOSE_CONV as two layers: the points of the input, set apart by kernel `spl_copy_s8`, then CONV_2D.

A point of the output is a sum over the taps that points of the input reach it with, so the filter is turned
round; what lies between the points, and about them, is the zero point.
"""

from dataclasses import replace

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators import conv_2d
from splkit.codegen.operators.base import Layer, activation_tensor, integers
from splkit.codegen.operators.copying import Axis, copy_layer, steps
from splkit.codegen.operators.geometry import MAX_REACH, PADDINGS
from splkit.codegen.refusals import refuse
from splkit.codegen.tflite_file.tensors import MAX_ELEMENTS

FILTERS, SOURCE = 1, 2
"""Inputs: the output's shape, the filters, the activation, and a bias as it may be."""
SIDES = (1, 2)
"""Height and width, as axes."""
FIRST_INDEX = -(1 << 20)
"""Of tensors that are made here: neither a file nor `codegen.lowering` has such ones."""


def expand(operator: Operator) -> list[Operator]:
    """The two operators, the first of which writes a tensor that no file has; itself where it is refused."""
    if not _is_plain(operator):
        return [operator]
    source, filters, output = operator.inputs[SOURCE], operator.inputs[FILTERS], operator.outputs[0]
    assert source is not None and filters is not None and filters.data is not None
    lengths = [output.shape[axis] + filters.shape[axis] - 1 for axis in SIDES]
    shape = (1, *lengths, source.shape[3])
    apart = Tensor(FIRST_INDEX - output.index, f"{output.name} set apart", shape, "int8", source.quantization)
    turned = replace(filters, data=filters.data[:, ::-1, ::-1])
    options = {**operator.options, "StrideH": 1, "StrideW": 1, "Padding": PADDINGS.index("VALID")}
    return [
        replace(operator, outputs=(apart,), siblings=(apart, output)),
        replace(
            operator, inputs=(apart, turned, *operator.inputs[3:]), options=options, siblings=(apart, output)
        ),
    ]


def parse(operator: Operator) -> Layer:
    """One of the two."""
    if not operator.siblings:
        raise refuse(operator, _what(operator), "constant filters out x height x width x in, SAME or VALID")
    if operator.outputs[0] is operator.siblings[1]:
        return conv_2d.parse(operator)
    _, filters, source, *_ = operator.inputs
    assert source is not None and filters is not None
    activation_tensor(operator, source)
    shape = integers(operator, 0, "shapes")
    if tuple(shape) != operator.siblings[1].shape:
        raise refuse(operator, f"shape {shape}", f"that of its output, {operator.siblings[1]}")
    return _set_apart(operator, source, filters, *operator.siblings)


def _set_apart(operator: Operator, source: Tensor, filters: Tensor, apart: Tensor, output: Tensor) -> Layer:
    """The copy of the points to places that are a stride from each other."""
    places = steps(apart.shape)
    starts: list[int] = []
    axes: list[Axis] = []
    for axis, name in zip(SIDES, ("StrideH", "StrideW"), strict=True):
        stride, taps = int(operator.number(name, 1)), filters.shape[axis]
        if not 1 <= stride <= MAX_REACH:
            raise refuse(operator, f"stride {stride}", f"strides of 1 to {MAX_REACH}")
        start = taps - 1 - _padding(operator, output.shape[axis], taps, stride)
        inside = min(source.shape[axis], -(-(apart.shape[axis] - start) // stride))
        if inside < 1:
            raise refuse(operator, f"{source} -> {output}", "an output that its input reaches")
        axes.append((inside, steps(source.shape)[axis], stride * places[axis]))
        starts.append(start * places[axis])
    channels = source.shape[3]
    return copy_layer(
        operator,
        source,
        apart,
        [*axes, (channels, 1, 1)],
        output_start=sum(starts),
        filled=apart.size,
        fill=source.zero_point,
    )


def _padding(operator: Operator, length: int, taps: int, stride: int) -> int:
    """Points of the output before the first, which TFLM works out from the output's length."""
    if PADDINGS[int(operator.number("Padding", 0))] == "VALID":
        points = (length - taps) // stride + 1
    else:
        points = -(-length // stride)
    return max((points - 1) * stride + taps - length, 0) // 2


def _is_plain(operator: Operator) -> bool:
    """Whether shapes and padding are such that there are two layers; all else is theirs to check."""
    if len(operator.inputs) not in (3, 4) or len(operator.outputs) != 1:
        return False
    filters, source, output = operator.inputs[FILTERS], operator.inputs[SOURCE], operator.outputs[0]
    if filters is None or source is None or filters.data is None or filters.dtype != "int8":
        return False
    shapes = (filters.shape, source.shape, output.shape)
    if any(len(shape) != 4 or 0 in shape for shape in shapes) or not 0 <= operator.number("Padding", 0) < 2:
        return False
    if operator.number("Padding", 0) and any(output.shape[axis] < filters.shape[axis] for axis in SIDES):
        return False
    lengths = [output.shape[axis] + filters.shape[axis] - 1 for axis in SIDES]
    apart = int(np.prod([*lengths, source.shape[3]], dtype=np.int64))
    return source.shape[0] == 1 and source.quantization is not None and apart <= MAX_ELEMENTS


def _what(operator: Operator) -> str:
    filters = operator.inputs[FILTERS] if len(operator.inputs) > FILTERS else None
    return f"filters {filters}, padding {operator.number('Padding', 0):g}, {len(operator.inputs)} inputs"
