"""A simulated patient: one draw of everything that differs between people and stays with them."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.atlas import scores
from splkit.ecg.simulator.physiology import Spread


@dataclass(frozen=True)
class Patient:
    """An ECG's shape at a normal potassium and how it answers to potassium; amplitudes as in lead V5.

    `heart_seed` says whom of the atlas the patient takes after, in waves, details and other leads. The fields
    after it are those of a healthy heart in V5 until `splkit.ecg.simulator.conditions` or
    `splkit.ecg.simulator.leads` changes them.

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
    heart_seed: int = 0
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
    """Draw a patient with a healthy heart: spreads from `physiology`, what goes with what from the atlas."""
    heart_seed = int(rng.integers(1 << 32))
    insensitive = rng.random() < phys.INSENSITIVE_SHARE.value
    gain = phys.INSENSITIVE_GAIN if insensitive else phys.SENSITIVE_GAIN
    return Patient(
        **drawn_waves(heart_seed)._asdict(),
        u_mv=draw_normal(rng, phys.U_MV),
        sdnn_ms=draw_normal(rng, phys.SDNN_MS),
        slow_over_fast=draw_normal(rng, phys.SLOW_OVER_FAST),
        breaths_hz=draw_normal(rng, phys.BREATHS_HZ),
        breath_on_r=draw_normal(rng, phys.BREATH_ON_R),
        gain=draw_normal(rng, gain),
        p_gone_at_meq_l=draw_normal(rng, phys.P_GONE_AT),
        sine_from_meq_l=draw_normal(rng, phys.SINE_FROM),
        heart_seed=heart_seed,
    )


class Waves(NamedTuple):
    """The fields of `Patient` that the atlas correlates, in V5."""

    r_mv: float
    q_over_r: float
    s_over_r: float
    p_mv: float
    t_mv: float
    st_mv: float
    qrs_ms: float
    pr_ms: float
    p_ms: float
    r_to_t_ms: float
    t_rise_ms: float
    t_fall_ms: float
    heart_rate_per_min: float


def drawn_waves(heart_seed: int) -> Waves:
    """The waves that a patient of this seed is drawn with."""
    return waves_at(scores(heart_seed, "V5"))


def waves_at(score: dict[str, float]) -> Waves:
    """The waves at normal scores by the names of `atlas.SCORES`."""
    t_rise_ms, t_fall_ms = t_sigmas_ms(
        phys.T_SLOPE_PER_S.at(score["t_slope"]), phys.T_WIDTH_MS.at(score["t_width"])
    )
    return Waves(
        r_mv=phys.R_MV.log_at(score["r"]),
        q_over_r=phys.Q_OVER_R.at(score["q"]),
        s_over_r=phys.S_OVER_R.log_at(score["s"]),
        p_mv=phys.P_MV.at(score["p"]),
        t_mv=phys.T_MV.log_at(score["t"]),
        st_mv=phys.ST_MV.at(score["st"]),
        qrs_ms=phys.QRS_MS.at(score["qrs_ms"]),
        pr_ms=phys.PR_MS.at(score["pr_ms"]),
        p_ms=phys.P_MS.at(score["p_ms"]),
        r_to_t_ms=phys.R_TO_T_MS.at(score["r_to_t"]),
        t_rise_ms=t_rise_ms,
        t_fall_ms=t_fall_ms,
        heart_rate_per_min=phys.HEART_RATE_PER_MIN.at(score["rate"]),
    )


def t_sigmas_ms(slope_per_s: float, width_ms: float) -> tuple[float, float]:
    """Sigmas of T's rise and fall, from its steepest descent by its height and its width at half height."""
    fall_ms = 1e3 * _STEEPEST_SLOPE / slope_per_s
    return max(width_ms / _HALF_WIDTH_PER_SIGMA - fall_ms, fall_ms), fall_ms


def draw_normal(rng: np.random.Generator, spread: Spread) -> float:
    """A normal draw, drawn again while it is outside the spread's limits."""
    while True:
        value = float(rng.normal(spread.median, spread.sd))
        if spread.low <= value <= spread.high:
            return value
