"""A simulated patient: one draw of everything that differs between people and stays with them."""

from dataclasses import dataclass

import numpy as np

from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.physiology import Spread


@dataclass(frozen=True)
class Patient:
    """An ECG's shape at a normal potassium and how it answers to potassium; amplitudes as in lead V5.

    `lead_seed` makes what other leads have of their own. The fields after it are those of a healthy
    heart in V5 until `splkit.ecg.simulator.conditions` or `splkit.ecg.simulator.leads` changes them.

    `gain` is the change of potassium that T shows for a change of 1 mEq/L in serum; conduction shows no more
    than 1.2. T is two half
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
    lead_seed: int = 0
    t_power: float = phys.LEADS["V5"].t_power
    r_broadens: float = 1.0
    s_broadens: float = 1.0
    spike_mv: float = 0.0
    fibrillation_mv: float = 0.0
    rr_irregularity: float = 0.0
    ectopic_share: float = 0.0
    conditions: tuple[str, ...] = ()


_HALF_WIDTH_PER_SIGMA = float(np.sqrt(2 * np.log(2)))  # half the width at half height of a Gaussian
_STEEPEST_SLOPE = float(np.exp(-0.5))  # of a Gaussian, in amplitudes a sigma


def draw_patient(rng: np.random.Generator) -> Patient:
    """Draw a patient with a healthy heart from the spreads in `splkit.ecg.simulator.physiology`."""
    t_fall_ms = 1e3 * _STEEPEST_SLOPE / draw_normal(rng, phys.T_SLOPE_PER_S)
    t_width_ms = draw_normal(rng, phys.T_WIDTH_MS)
    r_mv, t_mv = _r_and_t(rng)
    insensitive = rng.random() < phys.INSENSITIVE_SHARE.value
    gain = phys.INSENSITIVE_GAIN if insensitive else phys.SENSITIVE_GAIN
    return Patient(
        r_mv=r_mv,
        q_over_r=draw_normal(rng, phys.Q_OVER_R),
        s_over_r=draw_normal(rng, phys.S_OVER_R),
        p_mv=draw_normal(rng, phys.P_MV),
        t_mv=t_mv,
        u_mv=draw_normal(rng, phys.U_MV),
        st_mv=draw_normal(rng, phys.ST_MV),
        qrs_ms=draw_normal(rng, phys.QRS_MS),
        pr_ms=draw_normal(rng, phys.PR_MS),
        p_ms=draw_normal(rng, phys.P_MS),
        r_to_t_ms=draw_normal(rng, phys.R_TO_T_MS),
        t_rise_ms=max(t_width_ms / _HALF_WIDTH_PER_SIGMA - t_fall_ms, t_fall_ms),
        t_fall_ms=t_fall_ms,
        heart_rate_per_min=draw_normal(rng, phys.HEART_RATE_PER_MIN),
        sdnn_ms=draw_normal(rng, phys.SDNN_MS),
        slow_over_fast=draw_normal(rng, phys.SLOW_OVER_FAST),
        breaths_hz=draw_normal(rng, phys.BREATHS_HZ),
        breath_on_r=draw_normal(rng, phys.BREATH_ON_R),
        gain=draw_normal(rng, gain),
        p_gone_at_meq_l=draw_normal(rng, phys.P_GONE_AT),
        sine_from_meq_l=draw_normal(rng, phys.SINE_FROM),
        lead_seed=int(rng.integers(1 << 32)),
    )


def draw_normal(rng: np.random.Generator, spread: Spread) -> float:
    """A normal draw, drawn again while it is outside the spread's limits."""
    while True:
        value = float(rng.normal(spread.median, spread.sd))
        if spread.low <= value <= spread.high:
            return value


def _r_and_t(rng: np.random.Generator) -> tuple[float, float]:
    """Log-normal R and T amplitudes in mV, correlated."""
    rho = phys.R_T_LOG_CORRELATION.value
    first, second = rng.normal(size=2)
    scores = (first, rho * first + np.sqrt(1 - rho * rho) * second)
    amplitudes = []
    for score, spread in zip(scores, (phys.R_MV, phys.T_MV), strict=True):
        value = spread.median * np.exp(score * spread.sd / spread.median)
        amplitudes.append(float(np.clip(value, spread.low, spread.high)))
    return amplitudes[0], amplitudes[1]
