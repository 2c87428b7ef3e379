"""A simulated patient: one draw of everything that differs between people and stays with them."""

from dataclasses import dataclass

import numpy as np

from splkit.ecg import physiology
from splkit.ecg.physiology import Spread


@dataclass(frozen=True)
class Patient:
    """An ECG's shape at a normal potassium and how it answers to potassium; amplitudes as in lead V5.

    `gain` is the change of potassium that the heart shows for a change of 1 mEq/L in serum. T is two half
    Gaussians: its descent is the steeper one.
    """

    r_mv: float
    q_over_r: float
    s_over_r: float
    p_mv: float
    t_mv: float
    u_mv: float
    st_mv: float
    qrs_ms: float
    pr_ms: float
    p_ms: float
    r_to_t_ms: float
    t_rise_ms: float
    t_fall_ms: float
    heart_rate_per_min: float
    sdnn_ms: float
    slow_over_fast: float
    breaths_hz: float
    breath_on_r: float
    gain: float
    p_gone_at_meq_l: float
    sine_from_meq_l: float


_HALF_WIDTH_PER_SIGMA = float(np.sqrt(2 * np.log(2)))  # half the width at half height of a Gaussian
_STEEPEST_SLOPE = float(np.exp(-0.5))  # of a Gaussian, in amplitudes a sigma


def draw_patient(rng: np.random.Generator) -> Patient:
    """Draw a patient from the spreads in `splkit.ecg.physiology`."""
    t_fall_ms = 1e3 * _STEEPEST_SLOPE / _normal(rng, physiology.T_SLOPE_PER_S)
    t_width_ms = _normal(rng, physiology.T_WIDTH_MS)
    r_mv, t_mv = _r_and_t(rng)
    insensitive = rng.random() < physiology.INSENSITIVE_SHARE.value
    gain = physiology.INSENSITIVE_GAIN if insensitive else physiology.SENSITIVE_GAIN
    return Patient(
        r_mv=r_mv,
        q_over_r=_normal(rng, physiology.Q_OVER_R),
        s_over_r=_normal(rng, physiology.S_OVER_R),
        p_mv=_normal(rng, physiology.P_MV),
        t_mv=t_mv,
        u_mv=_normal(rng, physiology.U_MV),
        st_mv=_normal(rng, physiology.ST_MV),
        qrs_ms=_normal(rng, physiology.QRS_MS),
        pr_ms=_normal(rng, physiology.PR_MS),
        p_ms=_normal(rng, physiology.P_MS),
        r_to_t_ms=_normal(rng, physiology.R_TO_T_MS),
        t_rise_ms=max(t_width_ms / _HALF_WIDTH_PER_SIGMA - t_fall_ms, t_fall_ms),
        t_fall_ms=t_fall_ms,
        heart_rate_per_min=_normal(rng, physiology.HEART_RATE_PER_MIN),
        sdnn_ms=_normal(rng, physiology.SDNN_MS),
        slow_over_fast=_normal(rng, physiology.SLOW_OVER_FAST),
        breaths_hz=_normal(rng, physiology.BREATHS_HZ),
        breath_on_r=_normal(rng, physiology.BREATH_ON_R),
        gain=_normal(rng, gain),
        p_gone_at_meq_l=_normal(rng, physiology.P_GONE_AT),
        sine_from_meq_l=_normal(rng, physiology.SINE_FROM),
    )


def _normal(rng: np.random.Generator, spread: Spread) -> float:
    """A normal draw, drawn again while it is outside the spread's limits."""
    while True:
        value = float(rng.normal(spread.median, spread.sd))
        if spread.low <= value <= spread.high:
            return value


def _r_and_t(rng: np.random.Generator) -> tuple[float, float]:
    """Log-normal R and T amplitudes in mV, correlated."""
    rho = physiology.R_T_LOG_CORRELATION.value
    first, second = rng.normal(size=2)
    scores = (first, rho * first + np.sqrt(1 - rho * rho) * second)
    amplitudes = []
    for score, spread in zip(scores, (physiology.R_MV, physiology.T_MV), strict=True):
        value = spread.median * np.exp(score * spread.sd / spread.median)
        amplitudes.append(float(np.clip(value, spread.low, spread.high)))
    return amplitudes[0], amplitudes[1]
