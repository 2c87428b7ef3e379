"""What blood tests say of a patient, in the integers of the device: Bayes' rule on `Personal`'s model.

The twin of lib/spl_personal.c, bit for bit. Levels are micro-equivalents a litre (4500 is 4.5 mEq/L),
variances their squares, and gains and slopes have 12 fraction bits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from splkit.quantize.personal import Personal

ONE: Final = 1 << 12
"""A gain, a slope or a spread of 1."""
KEPT: Final = 1 << 15
"""All of what was known is kept."""
LEAST_GAIN: Final = ONE // 10
"""A patient who seems to answer by less is taken to answer by a tenth: calibration keeps the order."""
SURPRISE: Final = 4
"""A blood test further from what is expected, in standard deviations, is not believed: 1 in 16,000."""
MAX_TESTS: Final = 6
"""Of blood tests that are kept: a seventh narrows the interval by 2 % at most. The oldest goes first."""


@dataclass(frozen=True)
class BloodTest:
    """A blood test's potassium, the estimate at its time without calibration, and the day."""

    spl_ueq_l: int
    estimate_ueq_l: int
    day: int


@dataclass(frozen=True)
class Priors:
    """`Personal` in integers: what an export writes into `spl_contract.h`."""

    usual: int
    usual_var: int
    patient_var: int
    gain: int
    gain_var: int
    session_var: int
    record_var: int
    label_var: int
    reference_sd: int
    session_reference_sd: int
    kept_a_day: int

    @classmethod
    def of(cls, personal: Personal) -> "Priors":
        """The card's numbers, rounded."""

        def variance(sd_meq_l: float) -> int:
            return round((1000 * sd_meq_l) ** 2)

        return cls(
            usual=round(1000 * personal.usual_meq_l),
            usual_var=variance(personal.usual_sd_meq_l),
            patient_var=variance(personal.patient_sd_meq_l),
            gain=round(ONE * personal.gain),
            gain_var=round((ONE * personal.gain_sd) ** 2),
            session_var=variance(personal.session_sd_meq_l),
            record_var=variance(personal.record_sd_meq_l),
            label_var=variance(personal.label_sd_meq_l),
            reference_sd=round(1000 * personal.reference_sd_meq_l),
            session_reference_sd=round(1000 * personal.session_reference_sd_meq_l),
            kept_a_day=round(KEPT * 0.5 ** (1 / personal.half_life_days)),
        )


@dataclass(frozen=True)
class Line:
    """From an estimate to a calibrated one.

    Attributes:
        usual, centre: an estimate of `centre` becomes `usual`.
        slope: of the calibrated estimate on the estimate, 12 fraction bits.
        sd: of potassium about the calibrated estimate.
        spread: what the ends of the model's interval are multiplied with, 12 fraction bits.
        change_spread: the same for the change since the last blood test.
    """

    usual: int = 0
    centre: int = 0
    slope: int = ONE
    sd: int = 0
    spread: int = ONE
    change_spread: int = ONE

    def value(self, estimate_ueq_l: int) -> int:
        """The calibrated estimate."""
        return self.usual + ((self.slope * (estimate_ueq_l - self.centre) + ONE // 2) >> 12)

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


AS_IT_IS: Final = Line()
"""Without a blood test."""


class _Known:
    """What is known of a patient: means and covariances of `patient` and `gain`."""

    def __init__(self, priors: Priors) -> None:
        self.priors = priors
        self.patient, self.gain = 0, priors.gain
        self.patient_var, self.both, self.gain_var = priors.patient_var, 0, priors.gain_var

    def forget(self, days: int) -> None:
        """Go back towards what is known before any blood test."""
        kept = KEPT
        for _ in range(days):
            kept = (kept * self.priors.kept_a_day) >> 15
            if kept == 0:
                break
        self.patient = (self.patient * kept) >> 15
        self.gain = self.priors.gain + (((self.gain - self.priors.gain) * kept) >> 15)
        kept = (kept * kept) >> 15
        prior = self.priors.patient_var
        self.patient_var = prior + (((self.patient_var - prior) * kept) >> 15)
        self.both = (self.both * kept) >> 15
        prior = self.priors.gain_var
        self.gain_var = prior + (((self.gain_var - prior) * kept) >> 15)

    def learn(self, test: BloodTest, error_var: int) -> bool:
        """Take in a blood test; False, and nothing, where it is not believed."""
        above = test.spl_ueq_l - self.priors.usual
        with_patient = self.patient_var + ((above * self.both) >> 12)
        with_gain = self.both + ((above * self.gain_var) >> 12)
        var = with_patient + ((above * with_gain) >> 12) + error_var
        surprise = test.estimate_ueq_l - self.priors.usual - self.patient - ((self.gain * above) >> 12)
        if surprise * surprise > SURPRISE * SURPRISE * var:
            return False
        self.patient += _ratio(with_patient * surprise, var)
        self.gain += _ratio(with_gain * surprise, var)
        self.patient_var -= _ratio(with_patient * with_patient, var)
        self.both -= _ratio(with_patient * with_gain, var)
        self.gain_var -= _ratio(with_gain * with_gain, var)
        return True

    def line(self, error_var: int, reference_sd: int) -> Line:
        """From an estimate, whose error has the variance `error_var`, to potassium."""
        priors = self.priors
        gain = max(self.gain, LEAST_GAIN)
        seen = (priors.usual_var * gain) >> 12
        unseen = self.patient_var + ((priors.usual_var * self.gain_var) >> 24) + error_var
        answers = ((seen * gain) >> 12) + unseen
        var = _ratio(priors.usual_var * unseen, answers)
        return Line(
            usual=priors.usual,
            centre=priors.usual + self.patient,
            slope=_ratio(seen << 12, answers),
            sd=math.isqrt(var),
            spread=math.isqrt(var) * ONE // reference_sd,
            change_spread=math.isqrt(var + priors.label_var) * ONE // reference_sd,
        )


def personal_line(priors: Priors, tests: Sequence[BloodTest], day: int) -> Line | None:
    """What blood tests, in the order of their days, make of an estimate on `day`, which is none before.

    Tests of one day share their session's error. On the day of the last one that error is part of what is
    learned; afterwards they count as one session.

    Returns:
        The line, `AS_IT_IS` without a test; None where a test is not believed after those before it.
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
        return known.line(priors.record_var, priors.session_reference_sd)
    known.forget(day - last)
    return known.line(priors.record_var + priors.session_var, priors.reference_sd)


def _ratio(product: int, divisor: int) -> int:
    """A quotient towards 0, as C has it."""
    quotient = abs(product) // divisor
    return -quotient if product < 0 else quotient
