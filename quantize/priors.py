"""The priors of personal calibration, measured: how answers differ between patients, sessions and records."""

from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy.optimize import minimize

from splkit.progress import Advance, ignore_progress
from splkit.quantize.card import Interval
from splkit.quantize.curve import AS_IT_IS, KNOTS, STEP
from splkit.quantize.deviation import estimate_int8
from splkit.quantize.distance import Distance
from splkit.quantize.personal import Personal, shares
from splkit.quantize.posterior import BloodTest, Priors, personal_curve
from splkit.quantize.spread import UEQ_L, Spread
from splkit.train.config import TrainConfig
from splkit.train.sessions import Seen, seen_again, validation_patients

MOST_PATIENTS: Final = 400
LEAST_PATIENTS: Final = 50
"""Of fewer, the SD of the gain between patients is not known to a tenth."""

_START: Final = (4.9, 0.6, *np.log((0.4, 0.3, 0.25, 0.2)))
_STEPS: Final = 4000
_LEAST_END: Final = 1 / UEQ_L
"""mEq/L: quantiles may lie together, and no factor stretches nothing."""


class Answers(NamedTuple):
    """A model's answers to records of patients, each float64[n] in mEq/L, and int64[n].

    Attributes:
        answer: of the int8 model.
        label: a laboratory's potassium.
        patient, session: whose, and when.
    """

    answer: NDArray[np.float64]
    label: NDArray[np.float64]
    patient: NDArray[np.int64]
    session: NDArray[np.int64]


class Ends(NamedTuple):
    """Where the interval of each answer ends, from the answer on.

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


class Variation(NamedTuple):
    """The maximum-likelihood fit of `Personal`'s model, in mEq/L."""

    usual: float
    gain: float
    patient_sd: float
    gain_sd: float
    session_sd: float
    record_sd: float


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
    seen = seen_again(config, patients, advance)
    if distance:
        seen = seen.where(~distance.refuses(seen.averaged))
    answer, ends = _answers(estimate_int8(content, seen.averaged, offset_meq_l), interval)
    return fit_priors(
        Answers(answer, seen.label_meq_l, seen.patient, seen.session), ends, label_sd_meq_l=_label_sd(seen)
    )


def _answers(
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
            gain=round(fit.gain, 3),
            gain_sd=round(fit.gain_sd, 3),
            session_sd_meq_l=round(fit.session_sd, 3),
            record_sd_meq_l=round(fit.record_sd, 3),
            label_sd_meq_l=round(label_sd_meq_l, 3),
            reference_sd_meq_l=1.0,
            session_reference_sd_meq_l=1.0,
            patients=len(np.unique(answers.patient)),
            records=len(answers.answer),
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


def fit_variation(answers: Answers) -> Variation:
    """Maximum likelihood of `Personal`'s model: a patient's answers, given the labels, are jointly normal."""
    label, answer, valid, shared, both = _by_patient(answers)

    def loss(parameters: NDArray[np.float64]) -> float:
        usual, gain = parameters[:2]
        patient_var, gain_var, session_var, record_var = np.exp(2 * parameters[2:])
        above = np.where(valid, label - usual, 0.0)
        covariance = patient_var + gain_var * above[:, :, None] * above[:, None, :]
        covariance = covariance * both + session_var * shared + record_var * np.eye(label.shape[1])
        error = np.where(valid, answer - usual - gain * above, 0.0)
        root = np.linalg.cholesky(covariance)
        scaled = np.linalg.solve(root, error[:, :, None])[:, :, 0]
        logs = np.log(np.diagonal(root, axis1=1, axis2=2)) * valid
        return float(logs.sum() + 0.5 * (scaled**2).sum())

    found = minimize(
        loss,
        np.array(_START, np.float64),
        method="Nelder-Mead",
        options={"maxiter": _STEPS, "maxfev": _STEPS, "xatol": 1e-4, "fatol": 1e-3},
    ).x
    return Variation(float(found[0]), float(found[1]), *(float(each) for each in np.exp(found[2:])))


class _Padded(NamedTuple):
    """Records by patient, [patients, most records of one].

    Attributes:
        label, answer: 0 where there is no record.
        valid: where there is one.
        shared: bool[patients, records, records], of the same session; False where either is none.
        both: the same, where both are records.
    """

    label: NDArray[np.float64]
    answer: NDArray[np.float64]
    valid: NDArray[np.bool_]
    shared: NDArray[np.bool_]
    both: NDArray[np.bool_]


def _by_patient(answers: Answers) -> _Padded:
    _, row, counts = np.unique(answers.patient, return_inverse=True, return_counts=True)
    order = np.argsort(row, kind="stable")
    at = (row[order], np.concatenate([np.arange(count) for count in counts]))
    label, answer = (np.zeros((len(counts), int(counts.max()))) for _ in range(2))
    session, valid = np.zeros(label.shape, np.int64), np.zeros(label.shape, np.bool_)
    label[at], answer[at] = answers.label[order], answers.answer[order]
    session[at], valid[at] = answers.session[order], True
    both = valid[:, :, None] & valid[:, None, :]
    return _Padded(label, answer, valid, both & (session[:, :, None] == session[:, None, :]), both)


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
    answer, label = (np.rint(1000 * each).astype(int).tolist() for each in (answers.answer, answers.label))
    later: list[float] = []
    within: list[float] = []
    for patient in np.unique(answers.patient):
        own = np.flatnonzero(answers.patient == patient)
        numbers = answers.session[own]
        sessions = [own[numbers == each].tolist() for each in np.unique(numbers)]
        tests = [BloodTest(label[first], answer[first], day) for day, (first, *_) in enumerate(sessions)]
        for count in range(1, len(tests) + 1):
            to_come = [first for first, *_ in sessions[count:]]
            for needed, day, records in (
                (later, count, to_come),
                (within, count - 1, sessions[count - 1][1:]),
            ):
                curve = personal_curve(priors, tests[:count], day) or AS_IT_IS
                for at in records if curve.sd else ():
                    error = label[at] - curve.value(answer[at])
                    end = high[at] if error > 0 else low[at]
                    needed.append(error / end / curve.sd)
    first, second = (1 / float(np.quantile(each, ends.coverage)) for each in (later, within))
    return first, second
