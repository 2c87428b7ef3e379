"""Weights and biases as kernels read them, and how large their sums can be."""

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, ends, refuse
from splkit.codegen.operators.rescale import ACCUMULATOR_LIMIT

GROUP = 4
"""Weights that one word holds, SPL_GROUP in spl_dot.h."""
GROUP_ORDER = (0, 2, 1, 3)
"""The order of the weights in a group."""
INT16_BYTES, INT32_BYTES = 2, 4


def filtered_ends(operator: Operator) -> tuple[Tensor, Tensor]:
    """Input and output of an operator with weights and, as it may be, a bias."""
    return ends(operator, 3 if len(operator.inputs) == 3 else 2)


def constant(operator: Operator, index: int, dtype: str) -> Tensor:
    """A constant input: data of this type, quantized."""
    tensor = operator.inputs[index] if index < len(operator.inputs) else None
    if tensor is None or tensor.data is None or tensor.dtype != dtype or tensor.quantization is None:
        found = "nothing" if tensor is None else f"{tensor} {tensor.name}"
        raise refuse(operator, f"{found} as input {index}", f"a quantized {dtype} constant there")
    return tensor


def weights(operator: Operator, index: int) -> tuple[Tensor, NDArray[np.int8]]:
    """int8 weights with zero points of 0, and their values."""
    tensor = constant(operator, index, "int8")
    assert tensor.data is not None and tensor.quantization is not None
    if any(tensor.quantization.zero_points):
        raise refuse(operator, "a zero point that is not 0 in the weights", "symmetric weights")
    return tensor, tensor.data.astype(np.int8)


def channel_scales(operator: Operator, filters: Tensor, channels: int) -> list[float]:
    """The scale of each output channel's weights."""
    assert filters.quantization is not None
    scales = filters.quantization.scales
    if len(scales) not in (1, channels):
        raise refuse(operator, f"{len(scales)} scales of {filters}", f"one scale, or {channels}")
    return list(scales) if len(scales) == channels else [scales[0]] * channels


def bias(operator: Operator, index: int, channels: int) -> NDArray[np.int32]:
    """The int32 bias of an operator, zeros where it has none."""
    tensor = operator.inputs[index] if index < len(operator.inputs) else None
    if tensor is None:
        return np.zeros(channels, np.int32)
    if tensor.data is None or tensor.dtype != "int32" or tensor.shape != (channels,):
        raise refuse(operator, f"{tensor} as bias", f"an int32 bias of {channels}")
    return tensor.data.astype(np.int32).ravel()


def round_up(count: int) -> int:
    """`count` in whole groups, as `spl_round_up` in spl_dot.h."""
    return -(-count // GROUP) * GROUP


def dot_rows(rows: NDArray[np.int8]) -> NDArray[np.int8]:
    """Rows of weights as spl_dot.h reads them: in whole groups, filled up with zeros, in its order."""
    count, length = rows.shape
    padded = np.zeros((count, round_up(length)), np.int8)
    padded[:, :length] = rows
    return padded.reshape(count, -1, GROUP)[..., GROUP_ORDER].reshape(count, -1)


def largest_sum(
    operator: Operator, rows: NDArray[np.int8], biases: NDArray[np.int32], zero_point: int
) -> NDArray[np.int64]:
    """The largest magnitude that a sum of each row can reach. Refuses what leaves the accumulator's range."""
    reach = 128 + abs(zero_point)
    weight_sums: NDArray[np.int64] = np.abs(rows.astype(np.int64)).sum(axis=1)
    worst = weight_sums * reach + np.abs(biases.astype(np.int64))
    if worst.max(initial=0) >= ACCUMULATOR_LIMIT:
        raise refuse(operator, f"sums of up to {worst.max()}", f"sums under {ACCUMULATOR_LIMIT}")
    return worst


def twice_bias(biases: NDArray[np.int32], rows: NDArray[np.int8], zero_point: int) -> CArray:
    """The bias of twice the sums of activations that their zero point (0: none) is still in."""
    return CArray("int32_t", 2 * (biases - zero_point * rows.astype(np.int64).sum(axis=1)))
