"""The priors of personal calibration, measured: how answers differ between patients, sessions and records."""

from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from splkit.progress import Advance, ignore_progress, stage
from splkit.quantize.card import Interval
from splkit.quantize.curve import AS_IT_IS, KNOTS, STEP
from splkit.quantize.deviation import estimate_int8
from splkit.quantize.distance import Distance
from splkit.quantize.personal import Personal, shares
from splkit.quantize.posterior import ANSWERS, NEEDED, BloodTest, Priors, personal_curve
from splkit.quantize.spread import UEQ_L, Spread
from splkit.quantize.variation import Answers, fit_variation
from splkit.train.config import TrainConfig
from splkit.train.sessions import Seen, seen_again, validation_patients

MOST_PATIENTS: Final = 400
LEAST_PATIENTS: Final = 50
"""Of fewer, the SD of the gain between patients is not known to a tenth."""

_LEAST_END: Final = 1 / UEQ_L
"""mEq/L: quantiles may lie together, and no factor stretches nothing."""


class Ends(NamedTuple):
    """Where the interval of each last answer ends, from the answer on.

    Attributes:
        coverage: the share of truths that the intervals should hold.
        low, high: float64[n] in mEq/L.
    """

    coverage: float
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @classmethod
    def fixed(cls, interval: Interval, count: int) -> Self:
        """The same for all answers."""
        return cls(interval.coverage, np.full(count, interval.low_meq_l), np.full(count, interval.high_meq_l))

    def at(self, chosen: list[int]) -> Self:
        """Those of the answers `chosen`."""
        return self._replace(low=self.low[chosen], high=self.high[chosen])


def priors_patients(config: TrainConfig) -> list[int]:
    """Whom the priors of a run are measured on: simulated validation patients, or nobody."""
    patients = validation_patients(config, MOST_PATIENTS) if config.pairs is None else []
    return patients if len(patients) >= LEAST_PATIENTS else []


def measured_priors(
    content: bytes,
    offset_meq_l: float,
    interval: Interval | Spread | None,
    config: TrainConfig,
    advance: Advance = ignore_progress,
    distance: Distance | None = None,
) -> Personal | None:
    """See validation patients of a run again, in several sessions, and measure how a model's answers vary.

    Args:
        content: the int8 .tflite.
        offset_meq_l: of its answers, as on its card.
        interval: of its card, or the spread that it comes from.
        config: of the run that it comes from.
        advance: counts the patients of `priors_patients`.
        distance: of its card; a device gives no estimate of what is beyond it.

    Returns:
        The priors, or None: too few patients, patients who are not simulated (pairs do not say which
        records share a session), or a model that hardly answers to potassium.
    """
    patients = priors_patients(config)
    if not patients or interval is None:
        return None
    stage(advance, "seeing patients again", len(patients), "patients")
    seen = seen_again(config, patients, advance)
    given = ~distance.refuses(seen.averaged) if distance else np.ones(len(seen.record), np.bool_)
    answers, ends = _records(seen, given, estimate_int8(content, seen.averaged, offset_meq_l), interval)
    return fit_priors(answers, ends, label_sd_meq_l=_label_sd(seen))


def _records(
    seen: Seen, given: NDArray[np.bool_], answers_meq_l: NDArray[np.float64], interval: Interval | Spread
) -> tuple[Answers, Ends]:
    """What a device says at the end of each record, of those at whose end a blood test may be entered.

    `given`, bool[n], is where it gives an estimate; `answers_meq_l`, float64[n, k], are the model's.
    """
    estimate, ends = _estimates(answers_meq_l, interval)
    mean, last = [], []
    for own in np.split(np.arange(len(seen.record)), np.flatnonzero(np.diff(seen.record)) + 1):
        recent = own[-ANSWERS:][given[own[-ANSWERS:]]]
        if given[own[-1]] and len(recent) >= NEEDED:
            mean.append(float(estimate[recent].mean()))
            last.append(int(own[-1]))
    answers = Answers(
        np.array(mean), estimate[last], seen.label_meq_l[last], seen.patient[last], seen.session[last]
    )
    return answers, ends.at(last)


def _estimates(
    answers_meq_l: NDArray[np.float64], interval: Interval | Spread
) -> tuple[NDArray[np.float64], Ends]:
    """The estimates, float64[n], that a model's answers are, float64[n, k], and their intervals."""
    if isinstance(interval, Interval):
        return answers_meq_l[:, 0], Ends.fixed(interval, len(answers_meq_l))
    quantiles = interval.quantiles_ueq_l(answers_meq_l) / UEQ_L
    median = quantiles[:, interval.median]
    return median, Ends(interval.coverage, quantiles[:, 0] - median, quantiles[:, -1] - median)


def fit_priors(answers: Answers, ends: Ends, label_sd_meq_l: float) -> Personal | None:
    """The priors that answers show; None where they are none (see `measured_priors`)."""
    fit = fit_variation(answers)
    try:
        rough = Personal(
            usual_meq_l=round(fit.usual, 3),
            potassium=usual_potassium(answers.label),
            patient_sd_meq_l=round(fit.patient_sd, 3),
            gains=shares(fit.gains.tolist()),
            session_sd_meq_l=round(fit.session_sd, 3),
            record_sd_meq_l=round(fit.record_sd, 3),
            label_sd_meq_l=round(label_sd_meq_l, 3),
            reference_sd_meq_l=1.0,
            session_reference_sd_meq_l=1.0,
            patients=len(np.unique(answers.patient)),
            records=len(answers.label),
        )
        names = ("reference_sd_meq_l", "session_reference_sd_meq_l")
        sds = (round(each, 3) for each in _reference_sds(answers, ends, rough))
        return Personal(**rough.model_dump() | dict(zip(names, sds, strict=True)))
    except (ValidationError, ValueError):
        return None


def usual_potassium(label_meq_l: NDArray[np.float64]) -> tuple[int, ...]:
    """How usual each potassium of `KNOTS` is: labels count for the two nearest, by their distance."""
    steps = np.abs(UEQ_L * label_meq_l - np.array(KNOTS)[:, None]) / STEP
    return shares(np.maximum(1 - steps, 0).sum(axis=1).tolist())


def _label_sd(seen: Seen) -> float:
    return float(np.sqrt(np.mean((seen.label_meq_l - seen.potassium_meq_l) ** 2)))


def _reference_sds(answers: Answers, ends: Ends, personal: Personal) -> tuple[float, float]:
    """The spreads for which the intervals cover what they say after blood tests: on later days, and
    in the session of the last one.

    Each patient's sessions come in turn, the first record of each with a blood test; the first records of
    the sessions to come, and what else the session has, are estimated. Split-conformal: the quantile of how
    far an interval must be stretched, of which no end is nearer than `_LEAST_END`.
    """
    priors = Priors.of(personal)
    low, high = np.minimum(ends.low, -_LEAST_END).tolist(), np.maximum(ends.high, _LEAST_END).tolist()
    mean, last, label = (np.rint(1000 * each).astype(int).tolist() for each in answers[:3])
    later: list[float] = []
    within: list[float] = []
    for patient in np.unique(answers.patient):
        own = np.flatnonzero(answers.patient == patient)
        numbers = answers.session[own]
        sessions = [own[numbers == each].tolist() for each in np.unique(numbers)]
        tests = [BloodTest(label[first], mean[first], day) for day, (first, *_) in enumerate(sessions)]
        for count in range(1, len(tests) + 1):
            to_come = [first for first, *_ in sessions[count:]]
            for needed, day, records in (
                (later, count, to_come),
                (within, count - 1, sessions[count - 1][1:]),
            ):
                curve = personal_curve(priors, tests[:count], day) or AS_IT_IS
                for at in records if curve.sd else ():
                    error = label[at] - curve.value(last[at])
                    end = high[at] if error > 0 else low[at]
                    needed.append(error / end / curve.sd)
    first, second = (1 / float(np.quantile(each, ends.coverage)) for each in (later, within))
    return first, second
