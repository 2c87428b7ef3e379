"""Weights and biases as kernels read them, and how large their sums can be."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, ends
from splkit.codegen.operators.dead_channels import with_constants
from splkit.codegen.operators.rescale import ACCUMULATOR_LIMIT, output_fields, requantization
from splkit.codegen.refusals import refuse

GROUP = 4
"""Weights that one word holds, SPL_GROUP in spl_dot.h."""
GROUP_ORDER = (0, 2, 1, 3)
"""The order of the weights in a group."""
ROWS = 4
"""Rows that stand side by side, SPL_ROWS in spl_rows.h."""
COLUMNS = 5
"""Windows that a convolution computes together, SPL_COLUMNS in spl_columns.h."""
INT16_BYTES, INT32_BYTES = 2, 4


@dataclass(frozen=True)
class Filtered:
    """An operator with weights, a row of them for each output channel, and what any kernel for it is told.

    `arrays` are bias, multipliers and shifts, `fields` zero point and range; how weights lie is the kernel's.
    """

    operator: Operator
    source: Tensor
    output: Tensor
    rows: NDArray[np.int8]
    fields: Mapping[str, int]
    arrays: Mapping[str, CArray]

    @property
    def macs(self) -> int:
        """Each output is a sum over one row."""
        return int(self.output.size * self.rows.shape[1])


def filtered(
    operator: Operator,
    source: Tensor,
    output: Tensor,
    rows: NDArray[np.int8],
    reals: list[float],
    *,
    raw: bool = True,
) -> Filtered:
    """Checks bias and factors of an operator; `reals` are those of its sums, a channel each.

    The bias takes off the input's zero point where the kernel's sums are of `raw` activations.
    """
    biases, reals = with_constants(operator, output, rows, bias(operator, 2, len(rows)), reals)
    largest = largest_sum(operator, rows, biases, source.zero_point)
    arrays = {
        "bias": twice_bias(biases, rows, source.zero_point if raw else 0),
        **requantization(operator, reals, largest),
    }
    fields = {"input_zero_point": source.zero_point, **output_fields(operator)}
    return Filtered(operator, source, output, rows, fields, arrays)


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


def channel_reals(operator: Operator, source: Tensor, filters: Tensor, output: Tensor) -> list[float]:
    """The factor of each output channel's sums."""
    assert filters.quantization is not None
    scales, channels = filters.quantization.scales, output.shape[-1]
    if len(scales) not in (1, channels):
        raise refuse(operator, f"{len(scales)} scales of {filters}", f"one scale, or {channels}")
    reals = [source.scale * scale / output.scale for scale in scales]
    return reals if len(reals) == channels else reals * channels


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


def rows_side_by_side(rows: NDArray[np.int8]) -> NDArray[np.int8]:
    """`dot_rows` as spl_rows.h reads them: group by group of ROWS rows, filled up with rows of zeros."""
    count, length = rows.shape
    padded = np.zeros((-(-count // ROWS) * ROWS, length), np.int8)
    padded[:count] = rows
    return padded.reshape(-1, ROWS, length // GROUP, GROUP).transpose(0, 2, 1, 3)


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
