"""From an estimate to a calibrated one, and the potassium behind an estimate, in the integers of the device.

The twin of lib/spl_curve.c, bit for bit. Levels are micro-equivalents a litre (4500 is 4.5 mEq/L).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

ONE: Final = 1 << 12
"""A gain or a spread of 1."""
STEP: Final = 500
KNOTS: Final = tuple(range(2000, 10_001, STEP))
"""Estimates whose calibrated values a curve holds: over all that is plausible, in steps of 0.5 mEq/L."""
FINE: Final = 4
"""Levels a knot. Their steps are a third of how closely an answer of the bundled model tells potassium."""
LEVELS: Final[Integers] = np.arange(KNOTS[0], KNOTS[-1] + 1, STEP // FINE, dtype=np.int64)
"""That potassium is taken to have."""

_HALF_LOG2_E: Final = 2955
"""Half the base 2 logarithm of e, 12 fraction bits: exp(-x / 2) is 2 to the power of minus that times x."""
_WEIGHT_BITS: Final = 16
_FAR: Final = 20_000
"""So that squares fit into the device's integers: what is further off has no weight."""


@dataclass(frozen=True)
class Curve:
    """From an estimate to a calibrated one.

    Attributes:
        moves: what is added to estimates at `KNOTS`; straight in between, and beyond as at the ends.
        sd: of potassium about the calibrated estimate of a usual answer; 0 without a blood test.
        spread: what the ends of the model's interval are multiplied with, 12 fraction bits.
        change_spread: the same for the change since the last blood test.
    """

    moves: tuple[int, ...] = (0,) * len(KNOTS)
    sd: int = 0
    spread: int = ONE
    change_spread: int = ONE

    def value(self, estimate_ueq_l: int) -> int:
        """The calibrated estimate."""
        held = min(max(estimate_ueq_l, KNOTS[0]), KNOTS[-1])
        at = min((held - KNOTS[0]) // STEP, len(KNOTS) - 2)
        rise = self.moves[at + 1] - self.moves[at]
        return estimate_ueq_l + self.moves[at] + ratio(rise * (held - KNOTS[at]), STEP)

    def quantiles(self, quantiles_ueq_l: Sequence[int], median: int) -> tuple[int, ...]:
        """Quantiles, calibrated: the median moves, and the others' distances from it are stretched."""
        middle = quantiles_ueq_l[median]
        value = self.value(middle)
        return tuple(value + (((each - middle) * self.spread) >> 12) for each in quantiles_ueq_l)

    def ends(self, low: int, high: int) -> tuple[int, int]:
        """The offsets of an interval's ends about the calibrated estimate, from those about the estimate."""
        return (low * self.spread) >> 12, (high * self.spread) >> 12

    def change_ends(self, low: int, high: int) -> tuple[int, int]:
        """The same about the change since the last blood test."""
        return (low * self.change_spread) >> 12, (high * self.change_spread) >> 12


AS_IT_IS: Final = Curve()
"""Without a blood test."""


class Expected(NamedTuple):
    """The answers that `LEVELS` of potassium make one expect: means and variances, int64[65] each."""

    mean: Integers
    var: Integers


def behind(
    answers_ueq_l: Sequence[int], share: Sequence[int], expected: Expected
) -> tuple[Integers, Integers]:
    """The potassium behind answers, by Bayes' rule over `LEVELS`, each of which answers normally.

    Args:
        answers_ueq_l: n answers.
        share: how usual each of `KNOTS` is, 1 to 1000 each.
        expected: of `LEVELS`.

    Returns:
        The medians, int64[n], and the mean squares about them, int64[n].
    """
    surprise = (np.array(answers_ueq_l, np.int64)[:, None] - expected.mean).clip(-_FAR, _FAR)
    far = surprise * surprise * _HALF_LOG2_E // expected.var
    sd = np.sqrt(expected.var).astype(np.int64)
    weights = _usual(share) * _power(far - far.min(axis=1, keepdims=True)) // sd
    until = weights.cumsum(axis=1)
    half = until[:, -1:] // 2
    row, number = np.arange(len(surprise)), (until > half).argmax(axis=1)
    weight, before = weights[row, number], (until - weights)[row, number]
    step = STEP // FINE
    median = LEVELS[number] - step // 2 + step * (half[:, 0] - before) // weight
    squares = (weights * (LEVELS - median[:, None]) ** 2).sum(axis=1)
    return median, squares // until[:, -1]


def rising(values: Sequence[int], centre: int) -> tuple[int, ...]:
    """Values that never fall, from the one at `centre` outwards: calibration keeps the order of estimates."""
    up = accumulate(values[centre:], max)
    down = list(accumulate(reversed(values[: centre + 1]), min))
    return (*reversed(down[1:]), *up)


def ratio(product: int, divisor: int) -> int:
    """A quotient towards 0, as C has it."""
    quotient = abs(product) // divisor
    return -quotient if product < 0 else quotient


def _usual(share: Sequence[int]) -> Integers:
    """How usual each of `LEVELS` is: straight between knots, `FINE` times their share."""
    beyond = np.arange(FINE)
    parts = [this * (FINE - beyond) + following * beyond for this, following in pairwise(share)]
    return np.array([*np.concatenate(parts), share[-1] * FINE], np.int64)


def _power(exponent: Integers) -> Integers:
    """2 to the power of minus `exponent`, which has 12 fraction bits; with 16. A parabola, off by 0.1 %."""
    whole, left = np.minimum(exponent >> 12, _WEIGHT_BITS + 1), exponent & (ONE - 1)
    value = (1 << _WEIGHT_BITS) - (44_012 * left >> 12) + (11_244 * (left * left >> 12) >> 12)
    return np.asarray(value >> whole, np.int64)
