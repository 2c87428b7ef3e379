"""Measures one lead of an ECG on its median beat, alike from a simulated and from a real record."""

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]

BEFORE_MS, AFTER_MS = 350, 600
QUIET_SLOPE, QUIET_MS, SLOPE_SMOOTHING_MS = 0.015, 10, 8
"""QRS ends where the slope stays under this share of its steepest for so long."""
QRS_REACH_MS, EDGE_MS, LEVEL_MS = 110, 4, 24
T_FROM_MS, T_LEAST_TO_MS, T_RR_SHARE, T_SMOOTHING_MS = 110, 420, 0.62, 8
P_REACH_MS, P_SMOOTHING_MS, P_EDGE = 230, 10, 0.18
T_FOOT_MS, T_EDGE = 170, 0.04
LEAST_P_MV, LEAST_T_MV = 0.02, 0.03
LEAST_BEATS = 4


@dataclass(frozen=True)
class Measures:
    """One lead; NaN where a wave is too small to be measured."""

    r_mv: float
    t_mv: float
    t_over_r: float
    t_width_ms: float
    r_to_t_ms: float
    t_slope_per_s: float
    qrs_ms: float
    pr_ms: float
    p_ms: float
    p_mv: float
    s_mv: float
    qt_ms: float
    heart_rate_per_min: float

    def values(self) -> tuple[float, ...]:
        """All figures, in the order of the fields."""
        return tuple(float(value) for value in astuple(self))


def measure(signal_mv: Signal, r_samples: NDArray[np.int64], fs_hz: float) -> Measures | None:
    """Measure the median beat of a record about its R peaks; None with too few whole beats.

    `signal_mv` float64[n]; P begins and ends, and T ends, at a share of their heights above the foot beside.
    """
    before, after = (round(ms * fs_hz / 1e3) for ms in (BEFORE_MS, AFTER_MS))
    whole = r_samples[(r_samples >= before) & (r_samples + after <= signal_mv.size)]
    if len(whole) < LEAST_BEATS:
        return None
    beats = signal_mv[whole[:, None] + np.arange(-before, after)]
    beats = beats - np.median(beats, axis=1, keepdims=True)
    beat = np.median(beats, axis=0)
    ms = 1e3 / fs_hz
    start, end = _qrs_edges(beat, before, ms)
    level_to = start - round(EDGE_MS / ms)
    beat = beat - np.median(beat[level_to - round(LEVEL_MS / ms) : level_to])
    rr_ms = float(np.median(np.diff(r_samples))) * ms
    qrs = beat[start : end + 1]
    r_mv = float(qrs.max())
    t_mv, width_ms, r_to_t_ms, slope_per_s, t_end_ms = _t(beat, before, rr_ms, ms)
    p_mv, p_ms, pr_ms = _p(beat, start, ms)
    return Measures(
        r_mv=r_mv,
        t_mv=t_mv,
        t_over_r=t_mv / r_mv if r_mv > 0 else np.nan,
        t_width_ms=width_ms,
        r_to_t_ms=r_to_t_ms,
        t_slope_per_s=slope_per_s,
        qrs_ms=(end - start) * ms,
        pr_ms=pr_ms,
        p_ms=p_ms,
        p_mv=p_mv,
        s_mv=float(max(-beat[before : end + 1].min(), 0.0)),
        qt_ms=t_end_ms + (before - start) * ms,
        heart_rate_per_min=6e4 / rr_ms,
    )


def _smooth(signal: Signal, width_ms: float, ms: float) -> Signal:
    window = np.hanning(max(round(2 * width_ms / ms), 1) + 2)
    return np.convolve(np.pad(signal, window.size // 2, "edge"), window / window.sum(), "same")[
        window.size // 2 : -(window.size // 2)
    ]


def _qrs_edges(beat: Signal, r_index: int, ms: float) -> tuple[int, int]:
    """First and last sample of QRS."""
    steep = np.abs(np.gradient(_smooth(beat, SLOPE_SMOOTHING_MS / 2, ms)))
    reach, quiet = round(QRS_REACH_MS / ms), round(QUIET_MS / ms)
    is_quiet = steep < QUIET_SLOPE * steep[r_index - reach : r_index + reach].max()
    start, end = r_index - reach, r_index + reach
    for index in range(r_index - quiet, r_index - reach, -1):
        if is_quiet[index - quiet : index].all():
            start = index
            break
    for index in range(r_index + quiet, r_index + reach):
        if is_quiet[index + 1 : index + 1 + quiet].all():
            end = index
            break
    return start, end


def _t(beat: Signal, r_index: int, rr_ms: float, ms: float) -> tuple[float, float, float, float, float]:
    """Amplitude, width at half height, R to peak, steepest descent over amplitude, end after R."""
    smooth = _smooth(beat, T_SMOOTHING_MS, ms)
    first = r_index + round(T_FROM_MS / ms)
    last = min(r_index + round(max(T_LEAST_TO_MS, T_RR_SHARE * rr_ms) / ms), beat.size - 1)
    peak = first + int(np.argmax(np.abs(smooth[first:last])))
    t_mv = float(smooth[peak])
    if abs(t_mv) < LEAST_T_MV:
        return t_mv, np.nan, np.nan, np.nan, np.nan
    shape = smooth / t_mv
    rise = peak - int(np.argmax(shape[peak:first:-1] < 0.5)) if (shape[first:peak] < 0.5).any() else first
    low = shape[peak:] < 0.5
    if not low.any():
        return t_mv, np.nan, (peak - r_index) * ms, np.nan, np.nan
    fall = peak + int(np.argmax(low))
    descent = -np.diff(shape[peak : fall + round(60 / ms)])
    slope_per_ms = float(descent.max()) / ms
    tail = shape[peak : peak + round(T_FOOT_MS / ms)]
    foot = float(tail.min())
    end = peak + int(np.argmax(tail <= foot + T_EDGE * (1.0 - foot)))
    return t_mv, (fall - rise) * ms, (peak - r_index) * ms, 1e3 * slope_per_ms, (end - r_index) * ms


def _p(beat: Signal, qrs_start: int, ms: float) -> tuple[float, float, float]:
    """Amplitude, duration and distance from its onset to that of QRS."""
    first = max(qrs_start - round(P_REACH_MS / ms), 0)
    smooth = _smooth(beat, P_SMOOTHING_MS, ms)
    segment = smooth[first : qrs_start - round(2 * EDGE_MS / ms)]
    peak = int(np.argmax(segment))
    p_mv = float(segment[peak])
    if p_mv < LEAST_P_MV:
        return p_mv, np.nan, np.nan
    foot = float(segment[: peak + 1].min())
    over = foot + P_EDGE * (p_mv - foot)
    before, behind = segment[: peak + 1][::-1] < over, segment[peak:] < over
    start = peak - int(np.argmax(before)) if before.any() else 0
    end = peak + int(np.argmax(behind)) if behind.any() else len(segment) - 1
    return p_mv, (end - start) * ms, (len(segment) + round(2 * EDGE_MS / ms) - start) * ms
