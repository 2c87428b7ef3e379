"""From an averaged Q12 cycle to the model's int8 input, in the fixed-point arithmetic of TFLM.

A multiplier m and a shift s stand for the real factor m * 2^(s - 31); products are rounded twice, as
TensorFlow Lite Micro built by default does it (Jacob 2018: a rounding doubling high product, then a
rounding division by a power of two).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.window import inputs_in
from splkit.errors import ModelError
from splkit.fixed_point import multiply_by_quantized_multiplier, quantize_multiplier

ONE_Q12 = 4096


@dataclass(frozen=True)
class InputQuantization:
    """The constants that `spl_frontend_config.h` carries for the model's input.

    Attributes:
        multiplier: Q31 mantissa, 2^30 to 2^31 - 1.
        shift: exponent, -31 to 15: what an int16 times the multiplier stands for stays inside int32.
        zero_point: int8.
    """

    multiplier: int
    shift: int
    zero_point: int

    @classmethod
    def for_input(cls, scale: float, zero_point: int) -> "InputQuantization":
        """The constants for a model input of `scale` (cycle units, R amplitude = 1) and `zero_point`.

        Raises:
            ModelError: a scale or a zero point that no int8 input of a cycle has.
        """
        if not (math.isfinite(scale) and scale > 0 and -128 <= zero_point <= 127):
            raise _unusable(scale, zero_point)
        multiplier, shift = quantize_multiplier(1.0 / (ONE_Q12 * scale))
        if multiplier == 0 or shift > 15:
            raise _unusable(scale, zero_point)
        return cls(multiplier, shift, zero_point)


def quantize_cycles(averaged: NDArray[np.int16], scale: float, zero_point: int) -> NDArray[np.int8]:
    """Averaged cycles (int16[k, 270], Q12) as the model's input, int8[k, 270]; of rows with windows these.

    Raises:
        ModelError: a scale or a zero point that no int8 input of a cycle has.
    """
    constants = InputQuantization.for_input(scale, zero_point)
    q12 = inputs_in(averaged).astype(np.int64)
    rounded = multiply_by_quantized_multiplier(q12, constants.multiplier, constants.shift)
    return np.asarray(np.clip(rounded + zero_point, -128, 127), np.int8)


def _unusable(scale: float, zero_point: int) -> ModelError:
    return ModelError(
        "a model takes cycles as int8 with a positive scale and a zero point from -128 to 127",
        found=f"scale {scale:g}, zero point {zero_point}",
        next_step="convert the model again with cycles as its representative data",
    )
