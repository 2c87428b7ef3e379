"""DIV by a constant of one value, tabulated: kernel `spl_lookup_s8`.

TFLM multiplies with a reciprocal, found by three steps of Newton and Raphson in fixed point from the
estimate 48/17 - 32/17 d (Press et al., "Numerical Recipes", section 9.4, has the method). What it makes of a
divisor of 0 is not defined: a divisor that is computed may become 0. Where the last bits of the reciprocal
decide on a rounding, the operator is refused.
"""

import math

import numpy as np

from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import Layer, fused_activation
from splkit.codegen.operators.elementwise import Operands, constant_operands
from splkit.codegen.operators.lookup import INPUTS, lookup_layer
from splkit.codegen.refusals import refuse
from splkit.fixed_point import activation_range, halved, quantize_multiplier

INT32_MAX = (1 << 31) - 1
ESTIMATE, SLOPE = round(48 / 17 * 2**29), -round(32 / 17 * 2**29)
"""In Q2.29, as ONE is."""
ONE = 1 << 29
SURE_BITS = 25
"""Of a quotient, which the reciprocal's last bits do not decide."""
MAX_FACTOR = 2.0**30


def parse(operator: Operator) -> Layer:
    """An activation in the output's shape by a constant, all of whose values are the same and not 0."""
    if sum(tensor is not None and tensor.data is not None for tensor in operator.inputs[1:]) != 1:
        raise refuse(operator, "a divisor that is computed, and may be 0", "a constant divisor of one value")
    found = constant_operands(operator)
    divisors = {int(value) - found.constant.zero_point for value in found.values}
    if len(divisors) > 1 or 0 in divisors:
        what = "0 as divisor" if 0 in divisors else f"{len(divisors)} divisors"
        raise refuse(operator, what, "a constant divisor of one value, not 0")
    (divisor,) = divisors
    return lookup_layer(operator, found.activation, found.output, _table(operator, found, divisor))


def _table(operator: Operator, operands: Operands, divisor: int) -> list[int]:
    source, output = operands.activation, operands.output
    limits = activation_range(fused_activation(operator), output.scale, output.zero_point)
    if limits is None:
        raise refuse(operator, f"the fused activation {fused_activation(operator)}", "NONE, RELU and RELU6")
    denominator = np.float32(operands.constant.scale) * np.float32(output.scale)
    real = float(np.float32(source.scale) / denominator) if denominator > 0 else math.inf
    if not 0 < real < MAX_FACTOR:
        raise refuse(operator, f"a quotient of scales of {real:.3g}", "scales that are nearer")
    multiplier, shift = quantize_multiplier(real)
    inverse, inverse_shift = _reciprocal(abs(divisor))
    values = []
    for x in (INPUTS - source.zero_point) * (1 if divisor > 0 else -1):
        headroom = 32 - max(int(x), -int(x) - 1).bit_length() - 1
        right = inverse_shift + headroom - shift
        if not 0 <= right <= 31:
            raise refuse(operator, f"a quotient of scales of {real:.3g}", "scales that are nearer")
        quotient = _high_product(_high_product(int(x) << headroom, inverse), multiplier)
        doubt = (abs(quotient) >> SURE_BITS) + 1
        nearest = {halved(quotient + off, right) + output.zero_point for off in (-doubt, 0, doubt)}
        clamped = (
            {min(max(value, limits[0]), limits[1]) for value in nearest} if quotient else {output.zero_point}
        )
        if len(clamped) > 1:
            raise refuse(operator, f"a quotient of scales of {real:.9g}, with ties", "scales without ties")
        values += clamped
    return values


def _reciprocal(x: int) -> tuple[int, int]:
    """1 / x as a Q0.31 that is to be divided by two to a number of bits; both."""
    zeros = 32 - x.bit_length()
    fraction = (x << zeros) - (1 << 31)
    half_denominator = (fraction + INT32_MAX + 1) // 2
    found = ESTIMATE + _high_product(half_denominator, SLOPE)
    for _ in range(3):
        left = ONE - _high_product(half_denominator, found)
        found += min(_high_product(found, left) << 2, INT32_MAX)
    return min(found << 1, INT32_MAX), 31 - zeros


def _high_product(a: int, b: int) -> int:
    """a b / 2^31 rounded to nearest, halves up."""
    return min((a * b + (1 << 30)) >> 31, INT32_MAX)
