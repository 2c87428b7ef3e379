"""What MUL and ADD by a constant share: one value a channel, broadcast along time."""

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import activation_tensor, refuse


def channel_operands(operator: Operator) -> tuple[Tensor, Tensor, Tensor, NDArray[np.int8]]:
    """The activation, the constant, the output and the constant's value for each channel (the last axis)."""
    constants = [t for t in operator.inputs if t is not None and t.data is not None]
    activations = [t for t in operator.inputs if t is not None and t.data is None]
    supported = "one activation and one int8 constant, a value or one a channel"
    if len(constants) != 1 or len(activations) != 1:
        raise refuse(operator, f"{len(activations)} activations and {len(constants)} constants", supported)
    source, output = (
        activation_tensor(operator, activations[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    factor = constants[0]
    if factor.dtype != "int8" or factor.quantization is None or len(factor.quantization.scales) != 1:
        raise refuse(operator, f"{factor} as constant", supported)
    channels = source.shape[-1]
    if (
        source.shape != output.shape
        or factor.size not in (1, channels)
        or factor.shape[-1:] not in ((), (1,), (channels,))
    ):
        raise refuse(operator, f"{source} with {factor} -> {output}", supported)
    assert factor.data is not None
    return source, factor, output, np.broadcast_to(factor.data.ravel(), (channels,)).astype(np.int8)
