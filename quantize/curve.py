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
GAINS: Final[Integers] = np.arange(0, 8, dtype=np.int64) * 768
"""That patients are taken to have: 0 to 1.3125 in steps of 0.1875, with 12 fraction bits."""

HALF_LOG2_E: Final = 2955
"""What a standard deviation costs; see `costs`."""
_SHARP_BITS: Final = 24
_WEIGHT_BITS: Final = 16
_SUM_BITS: Final = 8
"""Taken from products of weights, so that their sum fits into the device's integers."""
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
    """The answers that `LEVELS` of potassium make one expect of patients with `GAINS`.

    Attributes:
        mean: int64[8, 65].
        cost: of each gain, int64[8], as `costs` has it.
        var: of answers about each mean.
    """

    mean: Integers
    cost: Integers
    var: int


def costs(surprise: Integers, var: int) -> Integers:
    """How improbable differences from what is expected are, if they are normal with a variance.

    A cost of 1 halves the probability; it has 12 fraction bits. exp(-x^2 / 2) is 2 to the power of minus
    x^2 times `HALF_LOG2_E`. Costs of independent differences add up.
    """
    held = surprise.clip(-_FAR, _FAR)
    return np.asarray(held * held * ((HALF_LOG2_E << _SHARP_BITS) // var) >> _SHARP_BITS, np.int64)


def weights(cost: Integers) -> Integers:
    """The probabilities that costs mean, with 16 fraction bits: a parabola, off by 0.1 %."""
    whole, left = np.minimum(cost >> 12, _WEIGHT_BITS + 1), cost & (ONE - 1)
    value = (1 << _WEIGHT_BITS) - (44_012 * left >> 12) + (11_244 * (left * left >> 12) >> 12)
    return np.asarray(value >> whole, np.int64)


def behind(
    answers_ueq_l: Sequence[int], share: Sequence[int], expected: Expected
) -> tuple[Integers, Integers]:
    """The potassium behind answers, by Bayes' rule over `LEVELS` and `GAINS`.

    Args:
        answers_ueq_l: n answers.
        share: how usual each of `KNOTS` is, 1 to 1000 each.
        expected: of a patient.

    Returns:
        The medians, int64[n], and the mean squares about them, int64[n].
    """
    surprise = np.array(answers_ueq_l, np.int64)[:, None, None] - expected.mean
    cost = expected.cost[:, None] + costs(surprise, expected.var)
    of_gains = weights(cost - cost.min(axis=(1, 2), keepdims=True))
    weight = _usual(share) * of_gains.sum(axis=1) >> _SUM_BITS
    until = weight.cumsum(axis=1)
    half = until[:, -1:] // 2
    row, number = np.arange(len(weight)), (until > half).argmax(axis=1)
    at, before = weight[row, number], (until - weight)[row, number]
    step = STEP // FINE
    median = LEVELS[number] - step // 2 + step * (half[:, 0] - before) // at
    squares = (weight * (LEVELS - median[:, None]) ** 2).sum(axis=1)
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
