"""The mean beats of real ECGs and the wave model's patient in each, for tools/make_beat_atlas.py."""

import sys
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import uniform_filter1d

from splkit.ecg.frontend import Verdict, run_front_end, to_counts
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.atlas import MEASURED_LEADS
from splkit.ecg.simulator.details import P_FADES
from splkit.ecg.simulator.patient import Patient, t_sigmas_ms

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
from delineation import Measures, measure
from realism_sets import CONFIG, FS_HZ, HOLD_S, Ecg

Values = NDArray[np.float64]

ROOT: Final = Path(__file__).parents[1]
MS: Final = 1000 / FS_HZ
STEP_MS: Final = 0.5
TIME_MS: Final = np.arange(-400.0, 880.0, STEP_MS)
LEVEL_MS: Final = (-26.0, -6.0)
"""Before QRS begins, where a beat is 0."""
ALIGNED_MS: Final = 45.0
"""About R, by which beats are aligned."""
SMOOTHED_MS: Final = 12.0
LEAST_BEATS, LEAST_R_MV = 5, 0.05
MOVED: Final = (0.0, -0.6, 0.6)
"""In parts of the distance to the next electrode: each ECG is in the atlas as if moved by each of these, as
electrodes are never placed twice alike. Assumed."""
TURN: Final = 0.35
"""Of the frontal axis, radians at a move of 1. Assumed."""

_UNMEASURED: Final = {
    "u_mv": phys.U_MV.median,
    "sdnn_ms": 0.0,
    "slow_over_fast": 1.0,
    "breaths_hz": phys.BREATHS_HZ.median,
    "breath_on_r": 0.0,
    "gain": 1.0,
    "p_gone_at_meq_l": phys.P_GONE_AT.median,
    "sine_from_meq_l": phys.SINE_FROM.median,
}
"""What a mean beat at a normal potassium doesn't show."""


class Beat(NamedTuple):
    """An ECG's mean beat by lead, mV on `TIME_MS`; what the wave model makes of it in each lead."""

    number: int
    mean_mv: dict[str, Values]
    patients: dict[str, Patient]
    measured: dict[str, float]


def beats_of(ecg: Ecg, leads: tuple[str, ...] = MEASURED_LEADS) -> list[Beat]:
    """The ECG's beats by `MOVED`, in `leads`, V5 among them.

    None where too few beats were accepted, or P or T can't be measured in V5.
    """
    v5 = read_recording(ecg.path, "V5")
    trace = run_front_end(to_counts(v5.held(HOLD_S), CONFIG), CONFIG)
    found = measure(v5.signal_mv, trace.r_sample, FS_HZ)
    r_samples = trace.r_sample[trace.verdict == Verdict.ACCEPTED]
    inside = (r_samples * MS + TIME_MS[0] > 0) & (r_samples * MS + TIME_MS[-1] + 1 < v5.signal_mv.size * MS)
    whole = r_samples[inside]
    if found is None or len(whole) < LEAST_BEATS or not np.isfinite(found.values()).all():
        return []
    r_ms = _aligned_ms(v5.signal_mv, whole * MS)
    means = {}
    for lead in leads:
        signal_mv = read_recording(ecg.path, lead).signal_mv
        level_at = np.array([_span(at, found) for at in trace.r_sample])
        levels = [signal_mv[max(start, 0) : max(end, 1)].mean() for start, end in level_at]
        under_mv = np.interp(np.arange(signal_mv.size), level_at.mean(1), levels)
        beats = CubicSpline(np.arange(signal_mv.size) * MS, signal_mv - under_mv)(r_ms[:, None] + TIME_MS)
        means[lead] = beats.mean(0)
    p_at_ms = _peak_ms(means["V5"], -0.5 * found.qrs_ms - 220, -0.5 * found.qrs_ms - 20)
    means = {lead: mean_mv * _before_next_p(found, p_at_ms) for lead, mean_mv in means.items()}
    moved = [_moved(means, by) for by in MOVED]
    return [Beat(ecg.number, mean_mv, *_patients(mean_mv, found, p_at_ms)) for mean_mv in moved]


def _moved(means: dict[str, Values], by: float) -> dict[str, Values]:
    """The beat with chest electrodes nearer to their neighbours, and the limb leads of a turned heart."""
    chest = [lead for lead in means if lead.startswith("V")]
    moved = {}
    for at, lead in enumerate(chest):
        neighbour = min(max(at + (1 if by > 0 else -1), 0), len(chest) - 1)
        moved[lead] = means[lead] + abs(by) * (means[chest[neighbour]] - means[lead])
    if len(chest) == len(means):
        return moved
    one, two = means["I"], means["II"]
    turn = by * TURN
    return moved | {"I": one + turn * (two - one / 2), "II": two + turn * (two / 2 - one)}


def _aligned_ms(signal_mv: Values, r_ms: Values) -> Values:
    """R peaks to a quarter of a millisecond: where each QRS complex lies best on the mean of all."""
    at_ms = np.arange(signal_mv.size) * MS
    signal = CubicSpline(at_ms, signal_mv)
    qrs_ms = np.arange(-ALIGNED_MS, ALIGNED_MS, 0.5)
    shifts_ms = np.arange(-3.0, 3.01, 0.25)
    tried = signal(r_ms[:, None, None] + shifts_ms[:, None] + qrs_ms)
    tried -= tried.mean(2, keepdims=True)
    best = np.full(len(r_ms), len(shifts_ms) // 2)
    for _ in range(3):
        mean = tried[np.arange(len(r_ms)), best].mean(0)
        best = ((tried - mean) ** 2).sum(2).argmin(1)
    aligned = r_ms + shifts_ms[best]
    peak_ms = qrs_ms[np.argmax(signal(aligned[:, None] + qrs_ms).mean(0))]
    return np.asarray(aligned + peak_ms)


def _span(r_sample: int, found: Measures) -> tuple[int, int]:
    first, last = (r_sample + round((ms - 0.5 * found.qrs_ms) / MS) for ms in LEVEL_MS)
    return first, last


def _before_next_p(found: Measures, p_at_ms: float) -> Values:
    """1 until where the next beat's P part begins, and 0 where that is whole."""
    whole, nothing = (6e4 / found.heart_rate_per_min + p_at_ms - fade * found.p_ms for fade in P_FADES)
    return 0.5 + 0.5 * np.cos(np.pi * np.clip((TIME_MS - nothing) / (whole - nothing), 0.0, 1.0))


def _patients(
    means: dict[str, Values], found: Measures, p_at_ms: float
) -> tuple[dict[str, Patient], dict[str, float]]:
    """The wave model's patient in each lead, and what was measured in V5, by the names of `SCORES`."""
    qrs_ms = found.qrs_ms
    t_rise_ms, t_fall_ms = t_sigmas_ms(found.t_slope_per_s, found.t_width_ms)
    st_mv = _at(means["V5"], 0.5 * found.r_to_t_ms)
    measured = {
        "qrs_ms": qrs_ms,
        "pr_ms": found.p_ms / 2 - p_at_ms - 0.4 * qrs_ms,
        "p_ms": found.p_ms,
        "r_to_t": found.r_to_t_ms,
        "t_slope": found.t_slope_per_s,
        "t_width": found.t_width_ms,
        "rate": found.heart_rate_per_min,
        "st": st_mv - found.t_mv * float(np.exp(-0.5 * (0.5 * found.r_to_t_ms / t_rise_ms) ** 2)),
    }
    patients = {}
    for lead, mean_mv in means.items():
        is_v5 = lead == "V5"
        r_mv = max(_extreme(mean_mv, -0.5 * qrs_ms, 0.5 * qrs_ms, 1), LEAST_R_MV)
        s_mv = max(_extreme(mean_mv, 0.0, 0.6 * qrs_ms, -1), 0.0)
        q_mv = max(_extreme(mean_mv, -0.6 * qrs_ms, 0.0, -1), 0.0) if is_v5 else 0.0
        patients[lead] = Patient(
            r_mv=r_mv,
            q_over_r=q_mv / r_mv,
            s_over_r=s_mv / r_mv,
            p_mv=_at(mean_mv, p_at_ms),
            t_mv=_at(mean_mv, found.r_to_t_ms),
            st_mv=measured["st"] * float(np.sign(phys.LEADS[lead].t_mv)),
            qrs_ms=qrs_ms,
            pr_ms=measured["pr_ms"],
            p_ms=found.p_ms,
            r_to_t_ms=found.r_to_t_ms,
            t_rise_ms=t_rise_ms,
            t_fall_ms=t_fall_ms,
            heart_rate_per_min=found.heart_rate_per_min,
            **_UNMEASURED,
        )
    return patients, measured


def _at(mean_mv: Values, at_ms: float) -> float:
    return float(np.interp(at_ms, TIME_MS, uniform_filter1d(mean_mv, round(SMOOTHED_MS / STEP_MS))))


def _peak_ms(mean_mv: Values, first_ms: float, last_ms: float) -> float:
    inside = (first_ms <= TIME_MS) & (last_ms >= TIME_MS)
    return float(TIME_MS[inside][np.argmax(uniform_filter1d(mean_mv, round(SMOOTHED_MS / STEP_MS))[inside])])


def _extreme(mean_mv: Values, first_ms: float, last_ms: float, sign: int) -> float:
    inside = (first_ms <= TIME_MS) & (last_ms >= TIME_MS)
    return float((sign * mean_mv[inside]).max())
