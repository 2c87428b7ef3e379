"""RESHAPE, SQUEEZE and EXPAND_DIMS: the same bytes under another shape, no code."""

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import Layer, activation_tensor, integers
from splkit.codegen.refusals import refuse

MAX_LISTED = 8
"""Axes that TFLM reads from an operator's options."""


def parse(operator: Operator) -> Layer:
    """Any shapes of one size; SQUEEZE and EXPAND_DIMS drop and add axes of one point alone."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    limits = {"RESHAPE": (1, 2), "SQUEEZE": (1, 1), "EXPAND_DIMS": (2, 2)}[operator.kind]
    if not limits[0] <= len(operator.inputs) <= limits[1]:
        raise refuse(operator, f"{len(operator.inputs)} inputs", f"{limits[0]} to {limits[1]}")
    if source.size != output.size:
        raise refuse(operator, f"{source} -> {output}", "as many elements out as in")
    if operator.kind == "EXPAND_DIMS":
        _require_expanded(operator, source, output)
    if operator.kind == "SQUEEZE":
        _require_squeezed(operator, source, output)
    if len(_listed(operator, "NewShape")) > MAX_LISTED:
        raise refuse(operator, "a shape of more dimensions", f"at most {MAX_LISTED}")
    return Layer(operator, source, output)


def _require_expanded(operator: Operator, source: Tensor, output: Tensor) -> None:
    axes, dimensions = integers(operator, 1, "axes"), len(source.shape)
    if len(axes) != 1 or not -dimensions - 1 <= axes[0] <= dimensions:
        raise refuse(operator, f"axes {axes} of {source}", "one axis")
    axis = axes[0] % (dimensions + 1)
    if output.shape != (*source.shape[:axis], 1, *source.shape[axis:]):
        raise refuse(operator, f"{source} -> {output}", f"an axis of one point as axis {axis}")


def _require_squeezed(operator: Operator, source: Tensor, output: Tensor) -> None:
    dimensions, axes = len(source.shape), _listed(operator, "SqueezeDims")
    if not axes:
        axes = tuple(axis for axis, length in enumerate(source.shape) if length == 1)
    if len(axes) > MAX_LISTED or not all(-dimensions <= axis < dimensions for axis in axes):
        raise refuse(operator, f"axes {axes} of {source}", "axes that its input has")
    dropped = {axis % dimensions for axis in axes}
    kept = tuple(length for axis, length in enumerate(source.shape) if axis not in dropped)
    if kept != output.shape or any(source.shape[axis] != 1 for axis in dropped):
        raise refuse(operator, f"{source} -> {output} without axes {axes}", "axes of one point dropped")


def _listed(operator: Operator, option: str) -> tuple[int, ...]:
    values = operator.options.get(option, ())
    return values if isinstance(values, tuple) else ()
