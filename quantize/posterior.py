"""What blood tests say of a patient, in the integers of the device: Bayes' rule on `Personal`'s model.

The twin of lib/spl_personal.c, bit for bit. Levels are micro-equivalents a litre (4500 is 4.5 mEq/L),
variances their squares, and gains have 12 fraction bits. A patient has one of `GAINS`, nobody knows which:
each is kept, with the patient's offset if it were the true one, and with what speaks against it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from splkit.quantize.curve import (
    AS_IT_IS,
    GAINS,
    HALF_LOG2_E,
    KNOTS,
    LEVELS,
    ONE,
    STEP,
    Curve,
    Expected,
    Integers,
    behind,
    costs,
    ratio,
    rising,
)
from splkit.quantize.personal import Personal

KEPT: Final = 1 << 15
"""All of what was known is kept."""
SURPRISE: Final = 4
"""A blood test further from what is expected, in standard deviations, is not believed: 1 in 16,000."""
MAX_TESTS: Final = 6
"""Of blood tests that are kept: a seventh narrows the interval by 2 % at most. The oldest goes first."""
ANSWERS: Final = 5
"""A blood test is held against the mean of the estimates among so many last answers,"""
NEEDED: Final = 3
"""of which so many are estimates at least."""
_MOST_COST: Final = 32 * ONE
"""Of a gain: less likely than 1 in 4 billion is none."""


@dataclass(frozen=True)
class BloodTest:
    """A blood test's potassium, the estimate at its time without calibration, and the day."""

    spl_ueq_l: int
    estimate_ueq_l: int
    day: int


@dataclass(frozen=True)
class Priors:
    """`Personal` in integers: what an export writes into `spl_contract.h`.

    `potassium` is how usual each of `KNOTS` is; `gain_costs` are those of `GAINS` before any blood test.
    """

    usual: int
    potassium: tuple[int, ...]
    patient_var: int
    gain_costs: tuple[int, ...]
    session_var: int
    record_var: int
    label_var: int
    reference_sd: int
    session_reference_sd: int
    kept_a_day: int

    @property
    def untested(self) -> tuple[int, ...]:
        """The potassium behind answers at `KNOTS`, on any day, of a patient without a blood test."""
        return _untested(self)

    @classmethod
    def of(cls, personal: Personal) -> "Priors":
        """The card's numbers, rounded."""

        def variance(sd_meq_l: float) -> int:
            return round((1000 * sd_meq_l) ** 2)

        return cls(
            usual=round(1000 * personal.usual_meq_l),
            potassium=personal.potassium,
            patient_var=variance(personal.patient_sd_meq_l),
            gain_costs=tuple(round(ONE * math.log2(max(personal.gains) / each)) for each in personal.gains),
            session_var=variance(personal.session_sd_meq_l),
            record_var=variance(personal.record_sd_meq_l),
            label_var=variance(personal.label_sd_meq_l),
            reference_sd=round(1000 * personal.reference_sd_meq_l),
            session_reference_sd=round(1000 * personal.session_reference_sd_meq_l),
            kept_a_day=round(KEPT * 0.5 ** (1 / personal.half_life_days)),
        )


class _Known:
    """What is known of a patient: by gain the mean of `patient`, int64[8], and the cost; one variance."""

    def __init__(self, priors: Priors) -> None:
        self.priors = priors
        self.patient = np.zeros_like(GAINS)
        self.cost = np.array(priors.gain_costs, np.int64)
        self.patient_var = priors.patient_var

    def forget(self, days: int) -> None:
        """Go back towards what is known before any blood test."""
        kept = KEPT
        for _ in range(days):
            kept = (kept * self.priors.kept_a_day) >> 15
            if kept == 0:
                break
        self.patient = (self.patient * kept) >> 15
        before = np.array(self.priors.gain_costs, np.int64)
        self.cost = before + (((self.cost - before) * kept) >> 15)
        prior = self.priors.patient_var
        self.patient_var = prior + (((self.patient_var - prior) * (kept * kept >> 15)) >> 15)

    def learn(self, test: BloodTest, error_var: int) -> bool:
        """Take in a blood test; False, and nothing, where no gain makes it one to be believed."""
        var = self.patient_var + error_var
        surprise = test.estimate_ueq_l - self._expected(test.spl_ueq_l)
        cost = self.cost + costs(surprise, var)
        if cost.min() - self.cost.min() > SURPRISE * SURPRISE * HALF_LOG2_E:
            return False
        self.cost = np.minimum(cost - cost.min(), _MOST_COST)
        self.patient += [ratio(self.patient_var * int(each), var) for each in surprise]
        self.patient_var -= ratio(self.patient_var * self.patient_var, var)
        return True

    def _expected(self, spl_ueq_l: int | Integers) -> Integers:
        """Answers by gain, at one potassium or at several, int64[8] or int64[8, n]."""
        above = np.asarray(spl_ueq_l) - self.priors.usual
        by_gain = self.priors.usual + self.patient
        return np.asarray(np.add.outer(by_gain, 0 * above) + (np.multiply.outer(GAINS, above) >> 12))

    def behind(self, answers_ueq_l: Sequence[int], error_var: int) -> tuple[Integers, Integers]:
        """Medians of the potassium behind answers, and mean squares about them."""
        expected = Expected(self._expected(LEVELS), self.cost, self.patient_var + error_var)
        return behind(answers_ueq_l, self.priors.potassium, expected)

    @property
    def usual(self) -> int:
        """The answer to be expected at the usual potassium, with the likeliest gain."""
        return self.priors.usual + int(self.patient[self.cost.argmin()])

    def curve(self, error_var: int, reference_sd: int) -> Curve:
        """From an estimate, whose error has the variance `error_var`, to potassium.

        Without blood tests the estimate stands, so it is moved by as much as they move the median,
        within the levels, beyond which there would be no estimate.
        """
        priors = self.priors
        usual = self.usual
        median, squares = self.behind([*KNOTS, usual], error_var)
        moved = (np.array(KNOTS) + median[:-1] - priors.untested).clip(KNOTS[0], KNOTS[-1])
        values = rising(moved.tolist(), (min(max(usual, KNOTS[0]), KNOTS[-1]) - KNOTS[0]) // STEP)
        var = int(squares[-1])
        return Curve(
            moves=tuple(value - knot for value, knot in zip(values, KNOTS, strict=True)),
            sd=math.isqrt(var),
            spread=math.isqrt(var) * ONE // reference_sd,
            change_spread=math.isqrt(var + priors.label_var) * ONE // reference_sd,
        )


@cache
def _untested(priors: Priors) -> tuple[int, ...]:
    median, _ = _Known(priors).behind(KNOTS, priors.record_var + priors.session_var)
    return tuple(median.tolist())


def personal_curve(priors: Priors, tests: Sequence[BloodTest], day: int) -> Curve | None:
    """What blood tests, in the order of their days, make of an estimate on `day`, which is none before.

    Tests of one day share their session's error. On the day of the last one that error is part of what is
    learned; afterwards they count as one session.

    Returns:
        The curve, `AS_IT_IS` without a test; None where a test is not believed after those before it.
    """
    if not tests:
        return AS_IT_IS
    known = _Known(priors)
    last = tests[0].day
    for number, test in enumerate(tests):
        today = test.day == day
        if number and test.day != last:
            known.forget(test.day - last)
        last = test.day
        shared = sum(each.day == test.day for each in tests)
        if today and (number == 0 or tests[number - 1].day != day):
            known.patient_var += priors.session_var
        if not known.learn(test, priors.record_var + (0 if today else shared * priors.session_var)):
            return None
    if last == day:
        return known.curve(priors.record_var, priors.session_reference_sd)
    known.forget(day - last)
    return known.curve(priors.record_var + priors.session_var, priors.reference_sd)
