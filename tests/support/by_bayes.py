"""What blood tests make of an estimate, in double: a normal distribution a gain, a fine grid of potassium."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.quantize.personal import Personal
from splkit.quantize.posterior import BloodTest

Signal = NDArray[np.float64]

LEVELS_MEQ_L = np.arange(2.0, 10.0005, 0.001)
GAINS = np.arange(8) * 0.1875


class Patient(NamedTuple):
    """By gain, float64[8]: the offset, with the session of the day, in mEq/L, and how likely the gain is.

    `offset_var` is the variance of each offset.
    """

    offset: Signal
    likely: Signal
    offset_var: float


def patient_of(personal: Personal, tests: Sequence[BloodTest], day: int) -> Patient:
    """What is known on `day`. An offset of k days ago counts as its own draw, correlated
    with today's by 2^(-k / half-life); sessions of other days are noise. What a test says of the gain counts
    as if it had been said so many times."""
    days = np.array([each.day for each in tests] + [day])
    x = np.array([each.spl_ueq_l / 1000 - personal.usual_meq_l for each in tests])
    answers = np.array([each.estimate_ueq_l / 1000 - personal.usual_meq_l for each in tests])
    apart = np.abs(days[:, None] - days)
    kept = 0.5 ** (apart / personal.half_life_days)
    offsets = personal.patient_sd_meq_l**2 * kept + personal.session_sd_meq_l**2 * (apart == 0)
    n = len(tests)
    covariance = offsets[:n, :n] + personal.record_sd_meq_l**2 * np.eye(n)
    error = answers - GAINS[:, None] * x
    weight = np.linalg.solve(covariance, offsets[:n, n])
    # Each test's surprise after those before it, in standard deviations.
    surprise = np.linalg.solve(np.linalg.cholesky(covariance), error.T) if n else np.zeros((0, 8))
    likely = np.array(personal.gains) * np.exp(-kept[n, :n] @ surprise**2 / 2)
    return Patient(error @ weight, likely / likely.sum(), float(offsets[n, n] - offsets[n, :n] @ weight))


def behind(personal: Personal, patient: Patient, estimate_meq_l: float) -> tuple[float, float]:
    """The potassium behind an answer: its median, and the root mean square about that, mEq/L."""
    x = LEVELS_MEQ_L - personal.usual_meq_l
    mean = personal.usual_meq_l + patient.offset[:, None] + GAINS[:, None] * x
    var = patient.offset_var + personal.record_sd_meq_l**2
    usual = np.interp(LEVELS_MEQ_L, np.arange(2.0, 10.1, 0.5), personal.potassium)
    density = usual * (patient.likely @ np.exp(-((estimate_meq_l - mean) ** 2) / (2 * var)))
    share = np.cumsum(density) / density.sum()
    median = float(np.interp(0.5, share, LEVELS_MEQ_L))
    square = float(((LEVELS_MEQ_L - median) ** 2) @ density / density.sum())
    return median, square**0.5


def calibrated(personal: Personal, tests: Sequence[BloodTest], day: int, estimate_meq_l: float) -> float:
    """The calibrated estimate: moved by as much as blood tests move the median behind it, to 2 to 10."""
    without = behind(personal, patient_of(personal, [], day), estimate_meq_l)
    known = behind(personal, patient_of(personal, tests, day), estimate_meq_l)
    return min(max(estimate_meq_l + known[0] - without[0], 2.0), 10.0)


def spread(personal: Personal, tests: Sequence[BloodTest], day: int) -> float:
    """The spread of potassium behind the answer that the likeliest gain has at the usual potassium."""
    patient = patient_of(personal, tests, day)
    return behind(personal, patient, personal.usual_meq_l + float(patient.offset[patient.likely.argmax()]))[1]
