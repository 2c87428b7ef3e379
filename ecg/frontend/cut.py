"""One-cycle ECGs: points about an R peak, above the baseline, R amplitude = 4096."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import COARSE_STEP, QRS_SIZE, R_INDEX, FrontEndConfig
from splkit.ecg.frontend.thresholds import PIVOT
from splkit.ecg.frontend.window import CYCLE, Window

POINTS = CYCLE.points
COARSE_POINTS = POINTS[::COARSE_STEP]
QRS_POINTS = POINTS[R_INDEX - QRS_SIZE // 2 : R_INDEX + QRS_SIZE // 2 + 1]
"""The points of a cycle, and those of its two coarser views; R is 0."""


@dataclass(frozen=True)
class Baseline:
    """Two straight lines that meet in the PR segment before R, in half counts.

    One leads to the PR segment before the next R, the other to the one before the last: interpolation
    between PR segments takes wander away and leaves ST and T their shape (Meyer and Keiser 1977).

    Attributes:
        level2: where they meet.
        before_q12, after_q12: their slopes, half counts a point, Q12.
    """

    level2: int
    before_q12: int
    after_q12: int

    def at2(self, points: NDArray[np.int64]) -> NDArray[np.int64]:
        """The baseline at points (int64[n], R is 0)."""
        since = points + PIVOT
        return self.level2 + (np.where(since < 0, self.before_q12, self.after_q12) * since >> 12)


@dataclass(frozen=True)
class Cut:
    """What turns samples about one R peak into points of a cycle.

    Attributes:
        r_sample: R peak, index into the counts.
        baseline: what lies under it.
        amplitude2: twice the signed R amplitude above the baseline, counts.
        limit: points after R from which on the next QRS is masked.
    """

    r_sample: int
    baseline: Baseline
    amplitude2: int
    limit: int

    def over(self, window: Window, before_q12: int, steepest: int) -> "Cut":
        """The same of a window, in which the beats before and after R are not masked.

        The baseline before R has a slope of its own; neither is steeper than `steepest`.
        """
        slopes = (max(-steepest, min(steepest, slope)) for slope in (before_q12, self.baseline.after_q12))
        baseline = Baseline(self.baseline.level2, *slopes)
        return replace(self, baseline=baseline, limit=window.size - window.r_index)

    def points(
        self, counts: NDArray[np.int16], points: NDArray[np.int64], step_q16: int, shift_q16: int = 0
    ) -> NDArray[np.int64]:
        """The signal at `points` (int64[n]), shifted by so many samples, in units of the R amplitude.

        Returns:
            int64[n], Q12, within int16.
        """
        reciprocal = ((1 << 33) + (abs(self.amplitude2) >> 1)) // abs(self.amplitude2)
        reciprocal = reciprocal if self.amplitude2 > 0 else -reciprocal
        value2 = _interpolated2(counts, self.r_sample, points * step_q16 + shift_q16)
        value2 = np.where(points < self.limit, value2 - self.baseline.at2(points), 0)
        return np.asarray(np.clip(value2 * 2048 * reciprocal >> 32, -32768, 32767))


def slope_q12(rise2: int, run: int, step_q16: int) -> int:
    """Half counts a point, Q12, of a rise over `run` samples; divided as C does, towards 0."""
    size = abs(rise2) * 4096 // run
    return (size if rise2 >= 0 else -size) * step_q16 >> 16


def amplitude2(counts: NDArray[np.int16], r_sample: int, baseline: Baseline) -> int:
    """Twice the R amplitude above the baseline, at the vertex of the parabola through R's three samples."""
    left, r, right = (int(value) for value in counts[r_sample - 1 : r_sample + 2])
    fall, rise = r - right, r - left
    excess2 = 0
    if fall * rise >= 0 and fall + rise:
        size = abs(fall - rise)
        excess2 = size * ((size << 8) // abs(fall + rise)) >> 10
        excess2 = excess2 if fall + rise > 0 else -excess2
    return 2 * r - (baseline.level2 + (baseline.after_q12 * PIVOT >> 12)) + excess2


def _interpolated2(
    counts: NDArray[np.int16], r_sample: int, position_q16: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Twice the signal at each position: a cubic through the four samples about it (Catmull and Rom 1974)."""
    fraction = (position_q16 & 0xFFFF) >> 6
    square = fraction * fraction >> 10
    cube = square * fraction >> 10
    at = r_sample + (position_q16 >> 16)
    first = int(at[0]) - 1
    samples = counts[first : int(at[-1]) + 3].astype(np.int64)
    at -= first
    value = samples[at - 1] * (2 * square - fraction - cube)
    value += samples[at] * (3 * cube - 5 * square + 2048)
    value += samples[at + 1] * (fraction + 4 * square - 3 * cube)
    value += samples[at + 2] * (cube - square)
    return np.asarray(value >> 10)


def isoelectric_level2(
    counts: NDArray[np.int16], r_sample: NDArray[np.int64], config: FrontEndConfig
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of the flattest stretch of the PR segment, where total variation is least: twice its mean, and that
    variation, int16 at most; int64[n] each."""
    box = config.isoelectric_box
    offsets = np.arange(-config.isoelectric_from, -config.isoelectric_to)
    segment = counts[r_sample[:, None] + offsets].astype(np.int64)
    variation = np.abs(np.diff(segment, axis=1))
    row, sums = np.arange(len(r_sample)), _sliding_sum(variation, box - 1)
    start = sums.argmin(axis=1)
    total = _sliding_sum(segment, box)[row, start]
    return np.asarray((2 * total + box // 2) // box), np.minimum(sums[row, start], 32767)


def _sliding_sum(values: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    total = np.cumsum(values, axis=1)
    total = np.concatenate([np.zeros((len(values), 1), np.int64), total], axis=1)
    return np.asarray(total[:, width:] - total[:, : total.shape[1] - width])
