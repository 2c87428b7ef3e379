"""SPLIT, SPLIT_V and UNPACK, one output at a time: a view of one run of values, else kernel `spl_copy_s8`."""

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import Layer, activation_tensor, integers, require_same_quantization
from splkit.codegen.operators.copying import copied_or_view
from splkit.codegen.refusals import refuse

INPUTS = {"SPLIT": (2, 1, 0), "SPLIT_V": (3, 0, 2), "UNPACK": (1, 0, None)}
"""How many inputs there are, which is the activation, and which the axis; UNPACK has it as an option."""


def parse(operator: Operator) -> Layer:
    """The part of the input that one output is."""
    count, activation, axis_input = INPUTS[operator.kind]
    if len(operator.inputs) != count:
        raise refuse(operator, f"{len(operator.inputs)} inputs", f"{count}")
    source = activation_tensor(operator, operator.inputs[activation])
    output = activation_tensor(operator, operator.outputs[0])
    require_same_quantization(operator, source, output)
    given = (
        [int(operator.number("Axis", 0))] if axis_input is None else integers(operator, axis_input, "axis")
    )
    dimensions = len(source.shape)
    if len(given) != 1 or not -dimensions <= given[0] < dimensions:
        raise refuse(operator, f"axis {given} of {source}", "one axis that its input has")
    axis = given[0] % dimensions
    lengths = _lengths(operator, source, axis)
    if operator.kind == "UNPACK" and int(operator.number("Num", 0)) != len(lengths):
        raise refuse(
            operator, f"{len(lengths)} outputs", f"{operator.number('Num', 0):g}, as its options say"
        )
    part = next(i for i, sibling in enumerate(operator.siblings) if sibling is output)
    rows = int(np.prod(source.shape[:axis], dtype=np.int64))
    inner = source.size // (rows * source.shape[axis])
    run = lengths[part] * inner
    axes = [(rows, source.shape[axis] * inner, run), (run, 1, 1)]
    return copied_or_view(operator, source, output, axes, sum(lengths[:part]) * inner)


def _lengths(operator: Operator, source: Tensor, axis: int) -> list[int]:
    """Of the parts along the axis, which UNPACK drops."""
    before, behind = source.shape[:axis], source.shape[axis + 1 :]
    lengths = []
    for each in operator.siblings:
        if operator.kind == "UNPACK":
            fits, length = each.shape == before + behind, 1
        else:
            fits = len(each.shape) == len(source.shape) and (each.shape[:axis], each.shape[axis + 1 :]) == (
                before,
                behind,
            )
            length = each.shape[axis] if fits else 0
        if not fits:
            raise refuse(operator, f"{source} -> {each}", f"parts along axis {axis}")
        lengths.append(length)
    even = operator.kind == "SPLIT_V" or len(set(lengths)) == 1
    if sum(lengths) != source.shape[axis] or not even:
        found = f"{lengths} of {source.shape[axis]}"
        raise refuse(operator, found, "parts that add up, those of SPLIT and UNPACK as long as each other")
    return lengths
