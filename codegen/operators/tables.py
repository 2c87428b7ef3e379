"""LEAKY_RELU, HARD_SWISH, ABS and ELU at all 256 inputs, in TensorFlow Lite Micro's integers and float32.

HARD_SWISH is x * relu6(x + 3) / 6 (Howard et al. 2019, "Searching for MobileNetV3") on numbers of 16 bits.
"""

import math
from collections.abc import Callable

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.rescale import kernel_multiplier
from splkit.codegen.refusals import refuse
from splkit.fixed_point import (
    INT8_MAX,
    INT8_MIN,
    halved,
    multiply_by_quantized_multiplier,
    quantize_multiplier,
)

INT16_MIN, INT16_MAX = -(1 << 15), (1 << 15) - 1
HIRES_BITS = 7
"""An input is raised by so many bits, which int16 still holds."""
LAST_BITS = 2.0**-22
"""By which results of exp below 1 may differ, with the rounding of their product."""
REACH = np.float32(3.0) / np.float32(32768.0)
"""The scale on which 3 is one more than int16's largest."""

Table = Callable[[Operator, Tensor, Tensor], list[int]]


def leaky_relu(operator: Operator, source: Tensor, output: Tensor) -> list[int]:
    """x where x is not negative, else alpha x; each side has a factor of its own."""
    alpha = operator.number("Alpha", 0.0)
    if not 0.0 <= alpha < math.inf:
        raise refuse(operator, f"alpha {alpha:g}", "alpha of 0 or more")
    below, above = source.scale * alpha / output.scale, source.scale / output.scale
    centred = _centred(source)
    return _offset(
        np.where(centred >= 0, _scaled(operator, centred, above), _scaled(operator, centred, below)), output
    )


def absolute(operator: Operator, source: Tensor, output: Tensor) -> list[int]:
    """|x|, not rescaled where the scales are one."""
    values = np.abs(_centred(source))
    if source.scale != output.scale:
        values = _scaled(operator, values, source.scale / output.scale)
    return _offset(values, output)


def hard_swish(operator: Operator, source: Tensor, output: Tensor) -> list[int]:
    """x * relu6(x + 3) / 6 with two factors of 16 bits."""
    hires = np.float32(1.0 / (1 << HIRES_BITS)) * np.float32(source.scale)
    out_multiplier, out_shift = quantize_multiplier(float(hires / np.float32(output.scale)))
    multiplier, shift = quantize_multiplier(float(hires / REACH))
    if out_shift > 0 or min(out_shift, shift) < -15:
        raise refuse(operator, f"scales {source.scale:.3g} and {output.scale:.3g}", "scales that are nearer")
    factors = (_upper_half(multiplier), shift), (_upper_half(out_multiplier), out_shift)
    return [_hard_swish(int(x), *factors, output.zero_point) for x in _centred(source)]


def elu(operator: Operator, source: Tensor, output: Tensor) -> list[int]:
    """x where x is not negative, else exp(x) - 1, in float32, as TFLM fills its table.

    An exp of the C library may be off by its last bit: where that would decide on a rounding, it is refused.
    """
    reals = np.float32(source.scale) * _centred(source).astype(np.float32)
    values = np.where(reals < 0, np.exp(reals.astype(np.float64)).astype(np.float32) - np.float32(1), reals)
    inverse = np.float32(1) / np.float32(output.scale)
    rescaled = (values * inverse).astype(np.float64)
    in_doubt = np.abs(np.abs(rescaled - np.trunc(rescaled)) - 0.5) < LAST_BITS * inverse
    if (in_doubt & (reals < 0)).any():
        raise refuse(operator, f"scales {source.scale:.9g} and {output.scale:.9g}", "scales without ties")
    rounded = np.copysign(np.floor(np.abs(rescaled) + 0.5), rescaled)
    return _offset(rounded, output)


TABLES: dict[str, Table] = {"ABS": absolute, "ELU": elu, "HARD_SWISH": hard_swish, "LEAKY_RELU": leaky_relu}


def _centred(source: Tensor) -> np.ndarray:
    return np.arange(INT8_MIN, INT8_MAX + 1, dtype=np.int64) - source.zero_point


def _scaled(operator: Operator, values: np.ndarray, factor: float) -> np.ndarray:
    kernel_multiplier(operator, factor, 255)
    return multiply_by_quantized_multiplier(values, *quantize_multiplier(factor))


def _offset(values: np.ndarray, output: Tensor) -> list[int]:
    return [int(value) for value in np.clip(values + output.zero_point, INT8_MIN, INT8_MAX)]


def _hard_swish(x: int, gate: tuple[int, int], out: tuple[int, int], zero_point: int) -> int:
    """One value; `gate` and `out` are multipliers of 16 bits with their shifts."""
    hires = x << HIRES_BITS
    preshift = _high_product(hires, out[0])
    multiplier, shift = gate
    # The last bit of a left shift comes behind the multiplier: what saturates there is to be saturated.
    value = _saturated(hires << max(shift - 1, 0))
    value = _high_product(value, multiplier)
    value = _saturated(value << 1) if shift > 0 else halved(value, -shift)
    value = (value + (1 << 15)) >> 1
    product = value * preshift
    product = product >> 15 if product >= 0 else -(-product >> 15)
    result = halved(product, -out[1]) + zero_point
    return min(max(_wrapped(result), INT8_MIN), INT8_MAX)


def _upper_half(multiplier: int) -> int:
    """A multiplier of 32 bits in 16, rounded."""
    return INT16_MAX if multiplier >= (1 << 31) - 1 - (1 << 15) else (multiplier + (1 << 15)) >> 16


def _high_product(a: int, b: int) -> int:
    """a b / 2^15 rounded to nearest, as C's division leaves halves; b is positive."""
    product = a * b
    total = product + ((1 << 14) if product >= 0 else 1 - (1 << 14))
    return total >> 15 if total >= 0 else -(-total >> 15)


def _saturated(x: int) -> int:
    return min(max(x, INT16_MIN), INT16_MAX)


def _wrapped(x: int) -> int:
    """As an int16 holds it."""
    return (x - INT16_MIN) % (1 << 16) + INT16_MIN
