"""Multipliers against exact rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from splkit.fixed_point import activation_range, multiply_by_quantized_multiplier, quantize_multiplier


@given(st.floats(2.0**-31, 2.0**20))
def test_multiplier_is_within_half_a_unit_of_the_real(real):
    multiplier, shift = quantize_multiplier(real)
    assert 1 << 30 <= multiplier < 1 << 31
    assert abs(Fraction(multiplier) * Fraction(2) ** (shift - 31) - Fraction(real)) <= Fraction(2) ** (
        shift - 32
    )


def test_multipliers_too_small_for_31_shifts_are_zero():
    assert quantize_multiplier(2.0**-33) == (0, 0)
    assert quantize_multiplier(0.0) == (0, 0)


@given(st.integers(-(1 << 24), 1 << 24), st.floats(2.0**-20, 0.99))
def test_product_is_within_one_of_the_exact_one(x, real):
    multiplier, shift = quantize_multiplier(real)
    result = int(multiply_by_quantized_multiplier(np.array([x]), multiplier, shift)[0])
    assert abs(result - Fraction(real) * x) <= Fraction(1, 2) + Fraction(1, 2**-shift) + Fraction(1, 128)


def test_halves_are_rounded_away_from_zero_after_the_shift():
    # One half is exactly (2^30, 0); an eighth shifts by two more.
    multiplier, shift = quantize_multiplier(0.125)
    values = multiply_by_quantized_multiplier(np.array([-12, -4, 4, 12]), multiplier, shift)
    assert values.tolist() == [-2, -1, 1, 2]


@pytest.mark.parametrize(
    ("activation", "expected"),
    [("NONE", (-128, 127)), ("RELU", (-10, 127)), ("RELU6", (-10, 50)), ("TANH", None)],
)
def test_activation_range(activation, expected):
    assert activation_range(activation, 0.1, -10) == expected
