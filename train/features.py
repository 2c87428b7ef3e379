"""What a physician would measure on a one-cycle ECG, for the baselines that a network is held to."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import CYCLE_FS_HZ, R_INDEX

FEATURES: Final = (
    "T/R",
    "T descent",
    "T slope over amplitude",
    "R to T",
    "T width",
    "T area",
    "QRS",
    "S/R",
    "ST/R",
    "P/R",
    "P to R",
)
"""Amplitudes in shares of R, times in ms, the T wave's steepest descent in R a second, and that over T's
amplitude in 1/s, after Corsi, Severi et al. 2017 (Sci Rep 7:42492)."""

_SMOOTH = np.hanning(7)[1:-1] / np.hanning(7).sum()
_MS = 1000 / CYCLE_FS_HZ
_QRS_REACH_MS, _QUIET_SLOPE, _QUIET_POINTS = 110, 0.05, 3
"""QRS ends where for 10 ms the slope stays under a twentieth of its steepest."""
_T_AFTER_QRS_MS, _ST_AFTER_QRS_MS, _END_MS = 40, 60, 20
_P_FROM_MS, _P_TO_MS = 230, 20
_LEAST_T = 0.02
"""Of R: a flatter T wave has no width and no descent."""


def measure(cycles: NDArray[np.float32]) -> NDArray[np.float64]:
    """FEATURES of each cycle, float64[n, 11]; all finite.

    Args:
        cycles: float32[n, 270] as a network takes them: R amplitude 1, R at index 90, 300 Hz.
    """
    return np.array([_of_one(np.convolve(cycle, _SMOOTH, "same")) for cycle in cycles]).reshape(
        -1, len(FEATURES)
    )


def _of_one(beat: NDArray[np.float64]) -> tuple[float, ...]:
    start, end = _qrs(beat)
    first, last = end + _points(_T_AFTER_QRS_MS), len(beat) - _points(_END_MS)
    peak = first + int(np.argmax(np.abs(beat[first:last])))
    t = float(beat[peak])
    descent, width_ms = _t_shape(beat, first, peak, t)
    area = float(beat[first:last].sum()) * _MS
    before = max(start - _points(_P_FROM_MS), 0)
    p_wave = beat[before : max(start - _points(_P_TO_MS), before + 1)]
    p_at = before + int(np.argmax(p_wave))
    return (
        t,
        descent,
        descent / max(abs(t), _LEAST_T),
        (peak - R_INDEX) * _MS,
        width_ms,
        area,
        (end - start) * _MS,
        -float(beat[R_INDEX : end + 1].min()),
        float(beat[end + _points(_ST_AFTER_QRS_MS)]),
        float(p_wave.max()),
        (R_INDEX - p_at) * _MS,
    )


def _qrs(beat: NDArray[np.float64]) -> tuple[int, int]:
    """First and last point of QRS."""
    steep, reach = np.abs(np.gradient(beat)), _points(_QRS_REACH_MS)
    quiet = steep < _QUIET_SLOPE * steep[R_INDEX - reach : R_INDEX + reach].max()
    calm = np.convolve(quiet, np.ones(_QUIET_POINTS), "same") == _QUIET_POINTS
    left, right = calm[R_INDEX - reach : R_INDEX - 2][::-1], calm[R_INDEX + 3 : R_INDEX + reach]
    start = R_INDEX - 3 - int(np.argmax(left)) if left.any() else R_INDEX - reach
    end = R_INDEX + 3 + int(np.argmax(right)) if right.any() else R_INDEX + reach
    return start, end


def _t_shape(beat: NDArray[np.float64], first: int, peak: int, t: float) -> tuple[float, float]:
    """Steepest descent in R a second and width at half height in ms, of a T wave of either sign."""
    if abs(t) < _LEAST_T:
        return 0.0, 0.0
    shape = beat * np.sign(t)
    before, behind = _falls_to_half(shape[first : peak + 1][::-1]), _falls_to_half(shape[peak:])
    descent = float(-np.diff(shape[peak : peak + round(2 * behind) + 2]).min()) * CYCLE_FS_HZ
    return max(descent, 0.0), (before + behind) * _MS


def _falls_to_half(side: NDArray[np.float64]) -> float:
    """Points from the first, a peak, to half its height; all of them where it never falls so far."""
    half = side[0] / 2
    below = side < half
    if not below.any():
        return float(len(side) - 1)
    k = int(np.argmax(below))
    return k - 1 + float((side[k - 1] - half) / (side[k - 1] - side[k]))


def _points(ms: float) -> int:
    return round(ms / _MS)
