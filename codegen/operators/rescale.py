"""Real factors as the multipliers and shifts that kernels apply to sums, and the range of what they write."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, fused_activation
from splkit.codegen.refusals import refuse
from splkit.fixed_point import INT8_MAX, INT8_MIN, activation_range, quantize_multiplier

ACCUMULATOR_LIMIT = 1 << 30
"""Sums stay under it, shifted to the left as they may be: kernels hold twice a sum in an int32."""

NEAR_SHIFTS = range(22)
"""Shifts that the kernels' short requantization takes, SPL_IS_NEAR in spl_fixed_point.h."""


def are_near(arrays: Mapping[str, CArray]) -> bool:
    """Whether a kernel with nothing but the short requantization can take these shifts."""
    return all(int(shift) in NEAR_SHIFTS for shift in np.ravel(arrays["shifts"].values))


def activation_limits(fields: Mapping[str, int]) -> tuple[int, int] | None:
    """The range of a fused activation in these fields, None where it is that of int8."""
    limits = fields["output_min"], fields["output_max"]
    return None if limits == (INT8_MIN, INT8_MAX) else limits


def output_fields(operator: Operator) -> dict[str, int]:
    """Zero point and fused activation as kernel fields."""
    name = fused_activation(operator)
    output = operator.outputs[0]
    limits = activation_range(name, output.scale, output.zero_point)
    if limits is None:
        raise refuse(operator, f"the fused activation {name}", "the fused activations NONE, RELU and RELU6")
    return {"output_offset": offset(output), "output_min": limits[0], "output_max": limits[1]}


def offset(output: Tensor) -> int:
    """The zero point as `spl_requantize_s8` adds it: twice, and half a step for the rounding."""
    return 2 * output.zero_point + 1


def kernel_multiplier(operator: Operator, real: float, largest: int) -> tuple[int, int]:
    """A real factor as spl_fixed_point.h applies it to sums of up to `largest`: multiplier and shift."""
    multiplier, shift = quantize_multiplier(real)
    if largest << max(shift, 0) >= ACCUMULATOR_LIMIT:
        raise refuse(operator, f"sums of up to {largest} times {real:.3g}", "a coarser output scale")
    return multiplier, -shift - 1


def requantization(operator: Operator, reals: list[float], largest: NDArray[np.int64]) -> dict[str, CArray]:
    """Per-channel multipliers and shifts as kernel arrays."""
    pairs = [
        kernel_multiplier(operator, real, int(worst)) for real, worst in zip(reals, largest, strict=True)
    ]
    return {
        "multipliers": CArray("int32_t", np.array([m for m, _ in pairs], np.int32)),
        "shifts": CArray("int8_t", np.array([s for _, s in pairs], np.int8)),
    }
