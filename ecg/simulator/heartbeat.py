"""The waves of one beat as a function of potassium."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.patient import Patient
from splkit.ecg.simulator.physiology import Constant

_RATE_POWER = 1 / 3  # Fridericia 1920: the QT interval goes with the cube root of RR
_SIGMAS = 4.2  # that activation, P or QRS, takes
_MIN_SEEN_MEQ_L = 1.8
_SPIKE_MS = 2.5

R_PER_QRS = 0.102
"""Sigma of R in durations of QRS, where R is not broad of itself."""


@dataclass(frozen=True)
class Deflection:
    """Two half Gaussians about `center_ms` after R; `rate_power` says how the center goes with RR."""

    center_ms: float
    rise_ms: float
    fall_ms: float
    amplitude_mv: float
    rate_power: float = 0.0

    def at(self, time_ms: NDArray[np.float64], rr_ratio: NDArray[np.float64]) -> NDArray[np.float64]:
        """Millivolts at times after R, [beats, n]; `rr_ratio` [beats, 1] is RR over its mean."""
        distance_ms = time_ms - self.center_ms * rr_ratio**self.rate_power
        sigma_ms = np.where(distance_ms < 0, self.rise_ms, self.fall_ms)
        return self.amplitude_mv * np.exp(-0.5 * (distance_ms / sigma_ms) ** 2)


def seen_potassium(patient: Patient, potassium_meq_l: float) -> float:
    """The potassium, mEq/L, that conduction shows (P, QRS, the sine wave), which is not that in serum."""
    return _seen(min(patient.gain, phys.CONDUCTION_GAIN.value), potassium_meq_l)


def _seen(gain: float, potassium_meq_l: float) -> float:
    normal = phys.NORMAL_MEQ_L.value
    seen = normal + gain * (potassium_meq_l - normal)
    return float(np.clip(seen, _MIN_SEEN_MEQ_L, phys.MAX_SEEN_MEQ_L.value))


def sine_share(patient: Patient, potassium_meq_l: float) -> float:
    """How far the beat is on its way to a sine wave: 0 before QRS and T fuse, 1 at the sine wave."""
    seen = seen_potassium(patient, potassium_meq_l)
    return _ramp(seen, patient.sine_from_meq_l, phys.SINE_WITHIN.value)


def deflections(patient: Patient, potassium_meq_l: float) -> tuple[Deflection, ...]:
    """P, Q, R, S, ST, T and U of `patient` at a serum potassium in mEq/L."""
    seen = seen_potassium(patient, potassium_meq_l)
    sine = sine_share(patient, potassium_meq_l)
    repolarized = _seen(patient.gain, potassium_meq_l)
    slowed = _widening(seen)
    return (
        _p(patient, seen, sine),
        *_qrs(patient, seen, slowed, sine),
        *_st_t_u(patient, repolarized, slowed, sine),
    )


def spike(patient: Patient) -> Deflection:
    """A pacemaker's pulse before the QRS complex."""
    return Deflection(-0.55 * patient.qrs_ms, _SPIKE_MS, _SPIKE_MS, patient.spike_mv)


def ectopic_deflections(patient: Patient) -> tuple[Deflection, ...]:
    """A ventricular ectopic beat: broad, no P wave, T against it."""
    sigma_ms = 1.6 * R_PER_QRS * phys.ECTOPIC_QRS_MS.value
    height_mv = 1.2 * max(patient.r_mv, patient.s_over_r * patient.r_mv)
    return (
        Deflection(0.0, sigma_ms, sigma_ms, height_mv),
        Deflection(patient.r_to_t_ms, 1.3 * patient.t_rise_ms, 1.5 * patient.t_fall_ms, -0.4 * height_mv),
    )


def _p(patient: Patient, seen: float, sine: float) -> Deflection:
    fade_from = phys.P_FADE_FROM.value
    left = 1.0 - _ramp(seen, fade_from, patient.p_gone_at_meq_l - fade_from)
    pr_ms = patient.pr_ms + phys.PR_RISE.value * max(seen - phys.NORMAL_MEQ_L.value, 0.0)
    center_ms = patient.p_ms / 2 - pr_ms - 0.4 * patient.qrs_ms
    sigma_ms = patient.p_ms / _SIGMAS
    return Deflection(center_ms, sigma_ms, sigma_ms, patient.p_mv * left * (1.0 - sine))


def _widening(seen: float) -> float:
    """How much longer the ventricles take to be activated, as a share of what they normally take."""
    return phys.QRS_WIDENING.value * max(seen - phys.QRS_WIDE_FROM.value, 0.0)


def _qrs(
    patient: Patient, seen: float, slowed: float, sine: float
) -> tuple[Deflection, Deflection, Deflection]:
    """QRS widens, R falls, and on the way to a sine wave S deepens and all grow broad."""
    qrs_ms = patient.qrs_ms * (1.0 + slowed) * (1.0 + 1.5 * sine)
    fall = phys.R_FALL.value * max(seen - phys.R_FALL_FROM.value, 0.0)
    r_mv = patient.r_mv * (1.0 - fall)
    s_over_r = patient.s_over_r + 0.7 * sine
    sigma_ms = R_PER_QRS * qrs_ms
    return (
        Deflection(-0.25 * qrs_ms, 0.8 * sigma_ms, 0.8 * sigma_ms, -patient.q_over_r * r_mv),
        Deflection(0.0, patient.r_broadens * sigma_ms, patient.r_broadens * sigma_ms, r_mv),
        Deflection(0.26 * qrs_ms, sigma_ms, 1.2 * patient.s_broadens * sigma_ms, -s_over_r * r_mv),
    )


def _st_t_u(
    patient: Patient, seen: float, slowed: float, sine: float
) -> tuple[Deflection, Deflection, Deflection]:
    """T steepens and grows with K + 0.69 (Severi), in width until 7; below 3.5 it is low and U rises."""
    taller = _severi_ratio(seen)
    sharper = _severi_ratio(min(seen, phys.T_SHARPENS_TO.value))
    below = max(phys.LOW_T_FROM.value - seen, 0.0)
    low = max(1.0 - phys.LOW_T.value * below, 0.15)
    spread_ms = _spread_ms(patient, slowed)
    rise_ms = math.hypot(patient.t_rise_ms * sharper**phys.T_RISE_POWER.value, spread_ms)
    fall_ms = math.hypot(patient.t_fall_ms / sharper, spread_ms)
    t = Deflection(
        center_ms=patient.r_to_t_ms * (1.0 - 0.25 * sine),
        rise_ms=rise_ms * (1.0 + 0.8 * sine),
        fall_ms=fall_ms * (1.0 + 0.8 * sine),
        amplitude_mv=patient.t_mv * taller**patient.t_power * low,
        rate_power=_RATE_POWER,
    )
    st = Deflection(0.5 * patient.r_to_t_ms, 40.0, 40.0, patient.st_mv * (1.0 - sine), _RATE_POWER)
    u_mv = patient.u_mv + phys.U_RISE.value * below
    u = Deflection(patient.r_to_t_ms + 150.0, 35.0, 45.0, u_mv * (1.0 - sine), _RATE_POWER)
    return st, t, u


def _spread_ms(patient: Patient, slowed: float) -> float:
    """Sigma by which T widens beyond 7: repolarization follows activation, which slow conduction spreads.

    Without it a QRS complex of 150 ms would have a T wave of 80 ms.
    """
    gained = (1.0 + slowed) ** 2 - (1.0 + _widening(phys.T_SHARPENS_TO.value)) ** 2
    return patient.qrs_ms / _SIGMAS * math.sqrt(phys.T_SPREADS.value * max(gained, 0.0))


def _severi_ratio(seen: float) -> float:
    """T's slope over amplitude, relative to that at a normal potassium."""
    return (seen + phys.SLOPE_OFFSET.value) / (phys.NORMAL_MEQ_L.value + phys.SLOPE_OFFSET.value)


def session_of(patient: Patient, rng: np.random.Generator) -> Patient:
    """The same patient on another day: electrodes, tone and rate have shifted, potassium left aside."""
    t = np.exp(rng.normal(0.0, phys.SESSION_T.value))
    r = np.exp(rng.normal(0.0, phys.SESSION_R.value))
    rate = np.exp(rng.normal(0.0, phys.SESSION_HEART_RATE.value))
    return replace(
        _steeper(patient, phys.SESSION_SLOPE, rng),
        r_mv=patient.r_mv * r,
        t_mv=patient.t_mv * r * t,
        heart_rate_per_min=patient.heart_rate_per_min * rate,
        r_to_t_ms=patient.r_to_t_ms * rate**-_RATE_POWER,
    )


def an_hour_later(patient: Patient, rng: np.random.Generator) -> Patient:
    """The same patient in the same session: electrodes stay, repolarization drifts."""
    return _steeper(patient, phys.RECORD_SLOPE, rng)


def _steeper(patient: Patient, spread: Constant, rng: np.random.Generator) -> Patient:
    slope = np.exp(rng.normal(0.0, spread.value))
    return replace(patient, t_rise_ms=patient.t_rise_ms / slope, t_fall_ms=patient.t_fall_ms / slope)


def _ramp(value: float, start: float, length: float) -> float:
    """0 up to `start`, 1 from `start + length`, straight in between."""
    return float(np.clip((value - start) / length, 0.0, 1.0))
