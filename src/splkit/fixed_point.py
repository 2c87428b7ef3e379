"""The integer arithmetic of TensorFlow Lite Micro on the host, with its double rounding.

Source: Jacob et al. 2018, "Quantization and training of neural networks for efficient integer-arithmetic-only
inference".
"""

import math

import numpy as np
from numpy.typing import NDArray

INT8_MIN, INT8_MAX = -128, 127


def quantize_multiplier(real: float) -> tuple[int, int]:
    """The multiplier and the shift of a positive real number: real = multiplier * 2^(shift - 31).

    The multiplier is in [2^30, 2^31). Numbers below 2^-32 give (0, 0).
    """
    if real == 0.0:
        return 0, 0
    fraction, shift = math.frexp(real)
    multiplier = math.floor(fraction * (1 << 31) + 0.5)
    if multiplier == 1 << 31:
        multiplier, shift = multiplier // 2, shift + 1
    return (0, 0) if shift < -31 else (multiplier, shift)


def multiply_by_quantized_multiplier(x: NDArray[np.int64], multiplier: int, shift: int) -> NDArray[np.int64]:
    """x * multiplier * 2^(shift - 31).

    It is rounded twice, as in TFLM: to nearest, then half away from zero.
    """
    high = ((x << max(shift, 0)) * multiplier + (1 << 30)) >> 31
    right = max(-shift, 0)
    return high if right == 0 else (high + (1 << (right - 1)) - (high < 0)) >> right


def halved(x: int, bits: int) -> int:
    """x / 2^bits, rounded to nearest, halves away from zero."""
    return (x + ((1 << bits) >> 1) - (x < 0 and bits > 0)) >> bits


def activation_range(activation: str, scale: float, zero_point: int) -> tuple[int, int] | None:
    """The int8 limits of a fused activation. None if the activation is no clamp."""

    def quantized(real: float) -> int:
        # TFLM divides in float32 and rounds half away from zero.
        quotient = np.float32(real) / np.float32(scale)
        return zero_point + int(math.copysign(math.floor(abs(float(quotient)) + 0.5), float(quotient)))

    ranges = {
        "NONE": (INT8_MIN, INT8_MAX),
        "RELU": (quantized(0.0), INT8_MAX),
        "RELU6": (quantized(0.0), quantized(6.0)),
    }
    if activation not in ranges:
        return None
    low, high = ranges[activation]
    return max(low, INT8_MIN), min(high, INT8_MAX)
