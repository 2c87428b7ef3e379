"""One-cycle ECGs: 270 points about an R peak, from the isoelectric level, R amplitude = 4096."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import CYCLE_SIZE, R_INDEX, FrontEndConfig


def sample_offsets(config: FrontEndConfig) -> NDArray[np.int64]:
    """Where the points of a cycle lie: whole samples from R, rounded down, int64[270]."""
    return _positions_q16(config) >> 16


def cut_cycles(
    counts: NDArray[np.int16], r_sample: NDArray[np.int64], config: FrontEndConfig
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Windows about `r_sample` (int64[n], each a whole window away from both ends of `counts`).

    Returns:
        amplitude2: int64[n], twice the signed R amplitude above the isoelectric level, counts.
        cycles: int64[n, 270], Q12, within int16.
    """
    isoelectric2 = _isoelectric_level2(counts, r_sample, config)
    amplitude2 = 2 * counts[r_sample].astype(np.int64) - isoelectric2
    magnitude = np.maximum(np.abs(amplitude2), 2)
    reciprocal = ((1 << 30) + (magnitude >> 1)) // magnitude * np.where(amplitude2 < 0, -1, 1)
    points2 = _interpolated2(counts, r_sample, config) - isoelectric2[:, None]
    cycles = (points2 * reciprocal[:, None] + (1 << 17)) >> 18
    return amplitude2, np.clip(cycles, -32768, 32767)


def _positions_q16(config: FrontEndConfig) -> NDArray[np.int64]:
    return (np.arange(CYCLE_SIZE, dtype=np.int64) - R_INDEX) * config.step_q16


def _interpolated2(
    counts: NDArray[np.int16], r_sample: NDArray[np.int64], config: FrontEndConfig
) -> NDArray[np.int64]:
    """Twice the signal at each point: a cubic through the four samples about it (Catmull and Rom 1974)."""
    position = _positions_q16(config)
    fraction = (position & 0xFFFF) >> 6
    at = r_sample[:, None] + (position >> 16)
    x0, x1, x2, x3 = (counts[at + tap].astype(np.int64) for tap in (-1, 0, 1, 2))
    cubic = 3 * (x1 - x2) + x3 - x0
    square = 2 * x0 - 5 * x1 + 4 * x2 - x3
    value = (cubic * fraction >> 10) + square
    value = (value * fraction >> 10) + x2 - x0
    return np.asarray((value * fraction >> 10) + 2 * x1)


def _isoelectric_level2(
    counts: NDArray[np.int16], r_sample: NDArray[np.int64], config: FrontEndConfig
) -> NDArray[np.int64]:
    """Twice the mean of the flattest stretch of the PR segment, where total variation is least."""
    box = config.isoelectric_box
    offsets = np.arange(-config.isoelectric_from, -config.isoelectric_to)
    segment = counts[r_sample[:, None] + offsets].astype(np.int64)
    variation = np.abs(np.diff(segment, axis=1))
    start = _sliding_sum(variation, box - 1).argmin(axis=1)
    total = _sliding_sum(segment, box)[np.arange(len(r_sample)), start]
    return np.asarray((2 * total + box // 2) // box)


def _sliding_sum(values: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    total = np.cumsum(values, axis=1)
    total = np.concatenate([np.zeros((len(values), 1), np.int64), total], axis=1)
    return np.asarray(total[:, width:] - total[:, : total.shape[1] - width])
