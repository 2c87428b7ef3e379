"""Channels whose weights are all zero: what they give depends on their bias alone, so it is worked out here.

Training leaves such channels, and a converter then clips their biases to 2^30, at scales so small that no
kernel's short requantization takes them.
"""

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.rescale import ACCUMULATOR_LIMIT
from splkit.codegen.refusals import refuse
from splkit.fixed_point import INT8_MAX, INT8_MIN, multiply_by_quantized_multiplier, quantize_multiplier

QUARTER = 0.25
"""The factor that stands in: every kernel takes it, and a sum of four a step comes out as it is."""


def with_constants(
    operator: Operator,
    output: Tensor,
    rows: NDArray[np.int8],
    biases: NDArray[np.int32],
    reals: list[float],
) -> tuple[NDArray[np.int32], list[float]]:
    """Bias and factor of each row of weights, those of rows of zeros small, with the same int8 output.

    Raises:
        ModelError: a bias of such a row that leaves TFLM's int32 when it is shifted to the left.
    """
    dead = np.flatnonzero(~rows.any(axis=1))
    biases, reals = biases.copy(), list(reals)
    for channel in dead.tolist():
        bias = int(biases[channel])
        multiplier, shift = quantize_multiplier(reals[channel])
        if shift > 0 and abs(bias) << shift >= ACCUMULATOR_LIMIT:
            raise refuse(operator, f"a bias of {bias} times {reals[channel]:.3g}", "a coarser output scale")
        value = int(multiply_by_quantized_multiplier(np.array([bias], np.int64), multiplier, shift)[0])
        zero_point = output.zero_point
        biases[channel] = (min(max(value + zero_point, INT8_MIN), INT8_MAX) - zero_point) * 4
        reals[channel] = QUARTER
    return biases, reals
