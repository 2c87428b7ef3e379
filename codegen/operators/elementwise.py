"""What ADD, SUB and MUL with a constant share: the constant, repeated as far as it has to be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import activation_tensor, require_int8_range
from splkit.codegen.operators.binary import require_broadcast
from splkit.codegen.refusals import refuse

MAX_REPEATED = 1 << 16
"""Of an output whose constant may have to be written out in its shape."""


@dataclass(frozen=True)
class Operands:
    """An activation of `length` times `values.size` values and the constant that is repeated along it."""

    activation: Tensor
    constant: Tensor
    output: Tensor
    values: NDArray[np.int64]
    constant_first: bool

    @property
    def length(self) -> int:
        """How often the constant's values come in turn."""
        return self.output.size // self.values.size


def constant_operands(operator: Operator) -> Operands:
    """The activation, in the output's shape, and the constant of any shape that broadcasts to it."""
    constants = [t for t in operator.inputs if t is not None and t.data is not None]
    activations = [t for t in operator.inputs if t is not None and t.data is None]
    supported = "an activation and an int8 constant that broadcasts to it"
    if len(operator.inputs) != 2 or len(constants) != 1 or len(activations) != 1:
        raise refuse(operator, f"{len(activations)} activations and {len(constants)} constants", supported)
    activation, constant = activation_tensor(operator, activations[0]), constants[0]
    output = activation_tensor(operator, operator.outputs[0])
    if constant.dtype != "int8" or constant.quantization is None or len(constant.quantization.scales) != 1:
        raise refuse(operator, f"{constant} as constant", supported)
    require_int8_range(operator, constant)
    require_broadcast(operator, activation, constant, output)
    if constant.size < output.size > MAX_REPEATED and constant.size > 1:
        raise refuse(
            operator, f"{constant} for {output}", f"constants repeated in at most {MAX_REPEATED} values"
        )
    if activation.shape != output.shape:
        raise refuse(operator, f"{activation} with {constant} -> {output}", supported)
    return Operands(activation, constant, output, _period(constant, output), operator.inputs[0] is constant)


def _period(constant: Tensor, output: Tensor) -> NDArray[np.int64]:
    """The constant over the fewest trailing axes of the output that it repeats along."""
    assert constant.data is not None
    lengths = (1,) * (len(output.shape) - len(constant.shape)) + constant.shape
    axes = [axis for axis, length in enumerate(lengths) if length > 1] or [len(lengths) - 1]
    block = output.shape[axes[0] :]
    values = constant.data.reshape(lengths[axes[0] :])
    return np.broadcast_to(values, block).astype(np.int64).ravel()
