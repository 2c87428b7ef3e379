"""Logistic, tanh and exp of int8 as TensorFlow Lite Micro computes them, in fixed point, at all 256 inputs.

The algorithms and their constants are gemmlowp's: exp by powers and a Taylor polynomial, reciprocals by
Newton's method. Numbers are raw int32 with as many fraction bits as each function says.
"""

import math
from collections.abc import Callable

from splkit.fixed_point import quantize_multiplier

INT32_MAX = (1 << 31) - 1
ONE_Q29, INPUT_INTEGER_BITS, SOFTMAX_INTEGER_BITS = 1 << 29, 4, 5
EXP_MINUS_ONE_EIGHTH, ONE_THIRD = 1895147668, 715827883
EXP_OF_MINUS_POWERS = (1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)
"""exp(-2^k) in Q31, k from -2 on."""
FORTY_EIGHT_17THS, MINUS_32_17THS = 1515870810, -1010580540
"""The line that Newton's method starts from, in Q29."""


def logistic_table(scale: float, zero_point: int) -> list[int]:
    """1 / (1 + exp(-x)) with scale 1/256 and zero point -128."""
    return _table(scale, zero_point, lambda x: _divide(_logistic(x), 23) - 128)


def tanh_table(scale: float, zero_point: int) -> list[int]:
    """tanh(x) with scale 1/128 and zero point 0."""
    return _table(scale, zero_point, lambda x: _divide(_tanh(x), 24))


def softmax_exps(scale: float) -> list[int] | None:
    """exp(-scale x) in Q31 for x from 0 to 255, 0 where TFLM leaves it out; None for too small a scale."""
    real = min(scale * (1 << (31 - SOFTMAX_INTEGER_BITS)), float(INT32_MAX))
    if not real > 1.0:
        return None
    multiplier, left = quantize_multiplier(real)
    radius = math.floor(((1 << SOFTMAX_INTEGER_BITS) - 1) * 2.0 ** (31 - SOFTMAX_INTEGER_BITS - left))
    scaled = [_multiply(-x << left, multiplier) for x in range(min(radius, 255) + 1)]
    exps = [_exp(x, SOFTMAX_INTEGER_BITS) for x in scaled]
    return exps + [0] * (256 - len(exps))


def _table(scale: float, zero_point: int, function: Callable[[int], int]) -> list[int]:
    """A function of Q27 at the inputs -128 to 127; beyond +-16 it is saturated."""
    fraction, left = math.frexp(scale * (1 << (31 - INPUT_INTEGER_BITS)))
    multiplier = math.floor(fraction * (1 << 31) + 0.5)
    radius = ((1 << INPUT_INTEGER_BITS) - 1) * 2.0 ** (31 - INPUT_INTEGER_BITS - left)
    table = []
    for x in range(-128 - zero_point, 128 - zero_point):
        if abs(x) >= math.floor(radius):
            table.append(127 if x > 0 else -128)
        else:
            shifted = x << left if left >= 0 else x
            rescaled = _divide(_multiply(shifted, multiplier), max(-left, 0))
            table.append(max(min(function(rescaled), 127), -128))
    return table


def _logistic(x: int) -> int:
    """Q31 of Q27."""
    if x == 0:
        return 1 << 30
    positive = _saturated(_reciprocal_of_half_sum(_exp(-abs(x), INPUT_INTEGER_BITS)), 1)
    return positive if x > 0 else INT32_MAX - positive


def _tanh(x: int) -> int:
    """Q31 of Q27: (1 - e) / (1 + e) with e = exp(-2 |x|)."""
    if x == 0:
        return 0
    reciprocal = _reciprocal_of_half_sum(_exp(-abs(x), INPUT_INTEGER_BITS + 1))
    positive = _saturated(reciprocal - ONE_Q29, 2)
    return positive if x > 0 else -positive


def _exp(x: int, integer_bits: int) -> int:
    """Q31 of x with so many integer bits, at most 0."""
    if x == 0:
        return INT32_MAX
    fraction_bits = 31 - integer_bits
    quarter = 1 << (fraction_bits - 2)
    below = (x & (quarter - 1)) - quarter
    result, rest = _exp_of_quarter(_saturated(below, integer_bits)), below - x
    for exponent, power in enumerate(EXP_OF_MINUS_POWERS, start=-2):
        if exponent < integer_bits and rest & (1 << (fraction_bits + exponent)):
            result = _multiply(result, power)
    return result


def _exp_of_quarter(x: int) -> int:
    """Q31 of Q31 from -1/4 to 0: a polynomial about -1/8."""
    x += 1 << 28
    x2 = _multiply(x, x)
    x3, x4 = _multiply(x2, x), _multiply(x2, x2)
    tail = _divide(_multiply(_divide(x4, 2) + x3, ONE_THIRD) + x2, 1)
    return EXP_MINUS_ONE_EIGHTH + _multiply(EXP_MINUS_ONE_EIGHTH, x + tail)


def _reciprocal_of_half_sum(x: int) -> int:
    """2 / (1 + x) in Q29 of Q31 from 0 to 1."""
    half = (x + INT32_MAX + 1) >> 1
    result = FORTY_EIGHT_17THS + _multiply(half, MINUS_32_17THS)
    for _ in range(3):
        result += _saturated(_multiply(result, ONE_Q29 - _multiply(half, result)), 2)
    return result


def _multiply(a: int, b: int) -> int:
    """a b / 2^31, rounded to nearest, halves away from zero as C's division leaves them."""
    product = a * b
    nudge = (1 << 30) if product >= 0 else 1 - (1 << 30)
    total = product + nudge
    return total >> 31 if total >= 0 else -(-total >> 31)


def _divide(x: int, bits: int) -> int:
    """x / 2^bits, rounded to nearest, halves away from zero."""
    return (x + ((1 << bits) >> 1) - (x < 0 and bits > 0)) >> bits


def _saturated(x: int, bits: int) -> int:
    """x 2^bits in the range of int32."""
    return max(min(x << bits, INT32_MAX), -INT32_MAX - 1)
