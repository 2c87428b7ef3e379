"""Severi's study on simulated patients: a T-wave estimator of potassium through dialysis sessions.

Severi 2009, Computing in Cardiology 36 (abstract read): 13 patients, 39 sessions, potassium at 0, 30, 60,
120, 180 and 240 min, T slope over amplitude of averaged beats, one linear estimator for all.

Attia 2016, J Am Heart Assoc 5: e002746 (abstract read): 26 patients, two or three blood tests a session. A
model of each patient's own, from the first session, errs by 0.36 mEq/L in later ones, one for all by 0.44.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from splkit.ecg.frontend import R_INDEX, FrontEndConfig, run_front_end, to_counts
from splkit.ecg.frontend.quantize import ONE_Q12
from splkit.ecg.simulator.conditions import draw_ckd_patient
from splkit.ecg.simulator.patient import Patient
from splkit.ecg.simulator.physiology import SLOPE_OFFSET
from splkit.ecg.simulator.record import simulate_record
from splkit.progress import Advance, ignore_progress
from splkit.quantize.variation import Answers, Variation, fit_variation

Signal = NDArray[np.float64]

FS_HZ: Final = 300
RECORD_S: Final = 40
HOURS: Final = np.array([0.0, 0.5, 1.0, 2.0, 3.0, 4.0])
SESSIONS: Final = 3
BEFORE_MEQ_L, BEFORE_SD_MEQ_L, BEFORE_LIMITS = 5.0, 0.9, (3.5, 7.5)
"""Assumed, as usual before dialysis."""
DIALYSATE_MEQ_L, LEFT_SHARE, FALL_HOURS = 2.0, 0.55, 1.3
"""Potassium falls by 1.3 mEq/L against 1 or 2 (Correa 2021, Kidney360 2: 695, read), fast at first."""
TESTED: Final = (0, 2, -1)
"""Records of a session with a blood test: at its beginning, in its middle and at its end."""

T_WINDOW = slice(R_INDEX + 36, R_INDEX + 150)
"""120 to 500 ms after R."""
SMOOTHING, AFTER_T = 7, 15
"""Points, 1/300 s each: a slope of two points would be muscle noise; T is measured above what follows it."""
LEAST_T = 0.08
"""A T-wave estimator wants T upright and of this share of R at least."""


class TWaves(NamedTuple):
    """T of each cycle: amplitude over R, steepest descent by its own amplitude in 1/s, and whether upright.

    float64[n], float64[n], bool[n]. An inverted T is not upright, whatever small wave stands beside it.
    """

    ratio: Signal
    slope_per_s: Signal
    is_upright: NDArray[np.bool_]

    @classmethod
    def of(cls, cycles: NDArray[np.floating]) -> "TWaves":
        """Measure cycles [n, 270], R amplitude 1."""
        t_waves = uniform_filter1d(cycles.astype(np.float64), SMOOTHING)[:, T_WINDOW]
        after = t_waves[:, -AFTER_T:].mean(axis=1)
        ratio, depth = t_waves.max(axis=1) - after, after - t_waves.min(axis=1)
        slope_per_s = -np.diff(t_waves, axis=1).min(axis=1) * FS_HZ / np.maximum(ratio, 0.02)
        return cls(ratio, slope_per_s, ratio > depth)


class Dialysis(NamedTuple):
    """How well T slope over amplitude tells potassium, on records through dialysis sessions.

    Attributes:
        correlation: over all records.
        within_patient: median over patients, each with all their sessions.
        between_sessions_meq_l: SD of the estimator's mean error in a session.
        within_sessions_meq_l: SD of what is left of the error.
        after_blood_tests: by how much the first session's blood tests change the mean absolute error in
            later sessions, as a share of it. Patients with records in all sessions alone count.
    """

    correlation: float
    within_patient: float
    between_sessions_meq_l: float
    within_sessions_meq_l: float
    after_blood_tests: float


CycleOf = Callable[[Patient, float, int, int], Signal | None]


def front_end_cycle(person: Patient, level: float, session: int, seed: int) -> Signal | None:
    """The mean cycle that the front end makes of a record, R amplitude 1; None without one."""
    front_end = FrontEndConfig.for_rate(FS_HZ, 5.0)
    record = simulate_record(
        level, fs_hz=FS_HZ, duration_s=RECORD_S, seed=seed, patient=person, session=session
    )
    averaged = run_front_end(to_counts(record.recording, front_end), front_end).averaged
    return averaged.mean(axis=0) / ONE_Q12 if len(averaged) else None


def dialysis(
    patients: int, advance: Advance = ignore_progress, cycle_of: CycleOf = front_end_cycle
) -> Dialysis:
    """Simulate the sessions of `patients` patients, whom `advance` counts, and measure.

    `cycle_of` makes the mean cycle of a patient's record at a potassium, by seeds of session and record.
    """
    slopes, levels, patient, session = [], [], [], []
    for number in range(patients):
        rng = np.random.default_rng([number])
        person = draw_ckd_patient(rng)
        for _ in range(SESSIONS):
            seed = int(rng.integers(1 << 32))
            for level in _course(rng):
                slope_per_s = _slope(cycle_of(person, float(level), seed, int(rng.integers(1 << 32))))
                if slope_per_s is not None:
                    slopes.append(slope_per_s)
                    levels.append(level)
                    patient.append(number)
                    session.append(seed)
        advance(1)
    return _measured(np.array(slopes), np.array(levels), np.array(patient), np.array(session))


def _course(rng: np.random.Generator) -> Signal:
    """Potassium at `HOURS`."""
    before_meq_l = np.clip(rng.normal(BEFORE_MEQ_L, BEFORE_SD_MEQ_L), *BEFORE_LIMITS)
    after_meq_l = DIALYSATE_MEQ_L + LEFT_SHARE * (before_meq_l - DIALYSATE_MEQ_L)
    left = np.exp(-HOURS / FALL_HOURS)
    return np.asarray(after_meq_l + (before_meq_l - after_meq_l) * (left - left[-1]) / (1.0 - left[-1]))


def _slope(cycle: Signal | None) -> float | None:
    """T slope over amplitude of a cycle; None without one, or without an upright T."""
    if cycle is None:
        return None
    t_waves = TWaves.of(cycle[None])
    wanted = t_waves.is_upright[0] and t_waves.ratio[0] > LEAST_T
    return float(t_waves.slope_per_s[0]) if wanted else None


def _measured(
    slope_per_s: Signal, level: Signal, patient: NDArray[np.int64], session: NDArray[np.int64]
) -> Dialysis:
    within = []
    for one in np.unique(patient):
        own = patient == one
        if own.sum() > HOURS.size:
            within.append(np.corrcoef(slope_per_s[own], level[own])[0, 1])
    offset = SLOPE_OFFSET.value
    factor = np.median((level + offset) / slope_per_s)
    error = factor * slope_per_s - offset - level
    _, number, records = np.unique(session, return_inverse=True, return_counts=True)
    bias = np.bincount(number, error) / records
    return Dialysis(
        correlation=float(np.corrcoef(slope_per_s, level)[0, 1]),
        within_patient=float(np.median(within)),
        between_sessions_meq_l=float(np.std(bias)),
        within_sessions_meq_l=float(np.std(error - bias[number])),
        after_blood_tests=_after_blood_tests(slope_per_s, level, patient, session),
    )


def _after_blood_tests(
    slope_per_s: Signal, level: Signal, patient: NDArray[np.int64], session: NDArray[np.int64]
) -> float:
    """See `Dialysis`: the least-squares line for all, and Bayes' rule for each patient's own."""
    answer = np.polyval(np.polyfit(slope_per_s, level, 1), slope_per_s)
    variation = fit_variation(Answers(answer, answer, level, patient, session))
    without, after = [], []
    for one in np.unique(patient):
        own = np.flatnonzero(patient == one)
        first, *others = (own[session[own] == each] for each in dict.fromkeys(session[own].tolist()))
        if len(others) < SESSIONS - 1 or len(first) < len(TESTED):
            continue
        tests, later = first[list(TESTED)], np.concatenate(others)
        estimate = _own_estimate(variation, float(level.std()), answer[tests], level[tests], answer[later])
        without += np.abs(answer[later] - level[later]).tolist()
        after += np.abs(estimate - level[later]).tolist()
    return float(np.mean(after) / np.mean(without) - 1)


def _own_estimate(
    variation: Variation, usual_sd: float, answer: Signal, tested: Signal, later: Signal
) -> Signal:
    """The likeliest potassium behind `later` answers, float64[n], after blood tests of one session before.

    Potassium is taken to be normal about `variation.usual`.
    """
    design = np.stack([np.ones(len(tested)), tested - variation.usual], axis=1)
    prior = np.diag([variation.patient_sd**2, variation.gain_sd**2])
    shared = np.full((len(tested),) * 2, variation.session_sd**2)
    noise = shared + variation.record_sd**2 * np.eye(len(tested))
    update = prior @ design.T @ np.linalg.inv(design @ prior @ design.T + noise)
    surprise = answer - variation.usual - design @ (0.0, variation.gain)
    patient, gain = (0.0, variation.gain) + update @ surprise
    left = prior - update @ design @ prior
    usual_var = usual_sd**2
    unseen = left[0, 0] + usual_var * left[1, 1] + variation.session_sd**2 + variation.record_sd**2
    slope = usual_var * gain / (usual_var * gain**2 + unseen)
    return np.asarray(variation.usual + slope * (later - variation.usual - patient))
