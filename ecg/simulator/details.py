"""What a beat has beyond its wave model: notches, slurs, a T wave's skew, each carried along by its wave.

A beat's details are three parts, about P, about QRS and about ST and T. Each lies on an axis of its wave's
own, so that it moves, stretches and grows with it: a T wave that potassium makes narrow takes its details
along.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.simulator.heartbeat import R_PER_QRS, Deflection
from splkit.ecg.simulator.patient import Patient

Values = NDArray[np.float64]

AXES = (np.linspace(-2.2, 1.4, 73), np.linspace(-0.95, 0.95, 191), np.linspace(-6.5, 20.0, 266))
"""Of P, in durations of P from its middle; of QRS, in durations of QRS from R; of ST and T, in sigmas of T
from its peak, those of its rise before and those of its fall after it."""

P_FADES, _QRS_FADES, _T_FADES = (1.6, 2.2), (0.55, 0.95), (16.0, 20.0)
"""On each part's axis: up to the first it is whole, from the second on there is nothing of it."""
_SMALL_P_MV, _SMALL_T_MV = 0.03, 0.1
_P_SIGMAS = 4.2


class Wave(NamedTuple):
    """Where one part's axis lies in a beat, and how large its details are.

    Attributes:
        center_ms: its 0, after R.
        before_ms, after_ms: its 1, on either side.
        size_mv: what a detail of 1 is.
        rate_power: how the center goes with RR.
    """

    center_ms: float
    before_ms: float
    after_ms: float
    size_mv: float
    rate_power: float = 0.0

    def axis(self, time_ms: Values, rr_ratio: Values) -> Values:
        """Times after R, [beats, n], on the part's axis; `rr_ratio` [beats, 1] is RR over its mean."""
        since_ms = time_ms - self.center_ms * rr_ratio**self.rate_power
        return since_ms / np.where(since_ms < 0, self.before_ms, self.after_ms)


def waves_of(patient: Patient, shape: tuple[Deflection, ...], sine: float) -> tuple[Wave, Wave, Wave]:
    """The axes of P, QRS, and ST with T in a patient's beat of P, Q, R, S, ST, T and U.

    Args:
        patient: whose beat it is.
        shape: its deflections, at any potassium.
        sine: how far the beat is on its way to a sine wave, 0 to 1, which has no details.
    """
    p, _, r, _, _, t, _ = shape
    p_ms = p.rise_ms * _P_SIGMAS
    qrs_ms = r.rise_ms / (R_PER_QRS * patient.r_broadens)
    left = 1.0 - sine
    return (
        Wave(p.center_ms, p_ms, p_ms, _grown(patient.p_mv, _SMALL_P_MV, p.amplitude_mv)),
        Wave(0.0, qrs_ms, qrs_ms, left * r.amplitude_mv * float(np.hypot(1.0, patient.s_over_r))),
        Wave(
            t.center_ms,
            t.rise_ms,
            t.fall_ms,
            left * _grown(patient.t_mv, _SMALL_T_MV, t.amplitude_mv),
            t.rate_power,
        ),
    )


def _grown(normal_mv: float, small_mv: float, now_mv: float) -> float:
    """The wave's amplitude, mV, but no less than about `small_mv` normally: a flat wave has a shape too."""
    return float(np.hypot(normal_mv, small_mv)) * now_mv / abs(normal_mv) if normal_mv else 0.0


def windows(waves: tuple[Wave, Wave, Wave], time_ms: Values) -> tuple[Values, Values, Values]:
    """How much of a beat belongs to each part at times after R, float64[n]; they add up to 1 or less."""
    one = np.ones((1, 1))
    p, qrs, t = (wave.axis(time_ms[None], one)[0] for wave in waves)
    own = _fading(np.abs(qrs), _QRS_FADES)
    before = (1.0 - own) * (time_ms < 0) * _fading(-p, P_FADES)
    after = (1.0 - own) * (time_ms >= 0) * _fading(t, _T_FADES)
    return before, own, after


def _fading(at: Values, fades: tuple[float, float]) -> Values:
    start, end = fades
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * np.clip((at - start) / (end - start), 0.0, 1.0)), np.float64)


class Shape(NamedTuple):
    """Some of a beat's waves: deflections, and details: an axis, values, and where on the axis they lie."""

    deflections: tuple[Deflection, ...]
    details: Sequence[tuple[Wave, Values, Values]] = ()

    def at(self, time_ms: Values, rr_ratio: Values) -> Values:
        """Millivolts at times after R, [beats, n]; `rr_ratio` [beats, 1] is RR over its mean."""
        total = np.zeros_like(time_ms)
        for deflection in self.deflections:
            if deflection.amplitude_mv:
                total += deflection.at(time_ms, rr_ratio)
        for wave, values, axis in self.details:
            if wave.size_mv:
                total += wave.size_mv * np.interp(wave.axis(time_ms, rr_ratio), axis, values, 0.0, 0.0)
        return total
