"""The linear part of the detector: curvature, its energy, and the maxima of that energy.

Everything here is exact integer arithmetic without feedback, so numpy computes a whole recording at once
and the streaming C the same values a sample at a time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import FrontEndConfig
from splkit.ecg.frontend.faults import SignalFaults
from splkit.ecg.frontend.thresholds import BEND_WEIGHT, FAR_HIGHER_THIRDS, NARROWNESS_UNIT, UPRIGHT_FIFTHS

_BLOCK = 4096

_NARROWEST = 65535


@dataclass(frozen=True)
class Waves:
    """All that may be a beat, in the order in which it is found.

    Attributes:
        known_at: int64[n], the newest sample when the wave is first compared with others.
        r_sample: int64[n], its true extremum.
        other: int64[n], from there to the extremum of the other deflection, samples; 0 where that is too far
            away to be of the same complex.
        lean: int64[n], by how many 32nds of it the upper deflection outweighs the lower, or, where negative,
            the lower the upper.
        height: int64[n], the energy of its curvature.
        bend: int64[n], how sharp it is: the curvature about its extremum, on a finer scale.
        narrowness: int64[n], its energy by its amplitude, which goes with one over its width squared.
        clipped: bool[n], samples on the rails are part of it.
    """

    known_at: NDArray[np.int64]
    r_sample: NDArray[np.int64]
    other: NDArray[np.int64]
    lean: NDArray[np.int64]
    height: NDArray[np.int64]
    bend: NDArray[np.int64]
    narrowness: NDArray[np.int64]
    clipped: NDArray[np.bool_]


def find_waves(counts: NDArray[np.int16], faults: SignalFaults, config: FrontEndConfig) -> Waves:
    """All waves in `counts` (int16[n])."""
    curvature = _curvature(counts, config)
    energy = _moving_sum(np.abs(curvature), config.integration)
    peak = _separate_maxima(energy, config.separation, config.height_floor)
    blocks = [
        _recentre(counts, curvature, peak[start : start + _BLOCK], config)
        for start in range(0, len(peak), _BLOCK)
    ]
    r_sample, other, lean, bend, size = np.concatenate([np.empty((5, 0), np.int64), *blocks], axis=1)
    height = energy[peak]
    narrowness = np.minimum(NARROWNESS_UNIT * height // np.maximum(size, 1), _NARROWEST)
    peak_at = (peak + 1) * config.decimation - 1
    found_at = peak_at + config.separation * config.decimation
    placed_at = np.minimum(found_at + 1, len(counts) - 1)
    clipped = faults.on_rail(np.maximum(found_at - config.span, 0), placed_at)
    kept = _outside_shadows(peak_at - config.energy_delay, r_sample, height, config.isolation)
    return Waves(
        known_at=found_at[kept] + 2,
        r_sample=r_sample[kept],
        other=other[kept],
        lean=lean[kept],
        height=height[kept],
        bend=bend[kept],
        narrowness=narrowness[kept],
        clipped=clipped[kept],
    )


def _curvature(counts: NDArray[np.int16], config: FrontEndConfig) -> NDArray[np.int64]:
    """Minus the second difference of the smoothed signal: positive where it bends like an R."""
    step, box, lag = config.decimation, config.box, config.lag
    length = len(counts) // step
    sums = _moving_sum(counts[: length * step].reshape(length, step).sum(axis=1, dtype=np.int64), box)
    curvature = 2 * _delayed(sums, lag) - sums - _delayed(sums, 2 * lag)
    curvature[: 2 * lag + box - 1] = 0
    return curvature


def _delayed(values: NDArray[np.int64], distance: int) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(distance, np.int64), values])[: len(values)]


def _moving_sum(values: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    total = np.cumsum(values)
    total[width:] -= total[:-width].copy()
    return total


def _separate_maxima(energy: NDArray[np.int64], separation: int, floor: int) -> NDArray[np.int64]:
    """Where `energy` exceeds all `separation` values before it and is exceeded by none of those after it."""
    peak = np.flatnonzero(energy >= floor)
    peak = peak[peak + separation < len(energy)]
    padded = np.concatenate([np.zeros(separation, np.int64), energy])
    for distance in range(1, separation + 1):
        height = energy[peak]
        before, after = padded[peak + separation - distance], energy[peak + distance]
        peak = peak[(height > before) & (height >= after)]
    return peak


def is_far_higher(height: int, other_height: int) -> bool:
    """Whether a wave is two thirds as high again as another."""
    return 3 * height > FAR_HIGHER_THIRDS * other_height


def _outside_shadows(
    about: NDArray[np.int64], r_sample: NDArray[np.int64], height: NDArray[np.int64], isolation: int
) -> NDArray[np.int64]:
    """Which waves, each about a sample, do not follow too soon after one that is far higher."""
    kept: list[int] = []
    last_r, last_height = -isolation, 0
    for index, (sample, wave_r, wave_height) in enumerate(
        zip(about.tolist(), r_sample.tolist(), height.tolist(), strict=True)
    ):
        if sample - last_r > isolation or not is_far_higher(last_height, wave_height):
            kept.append(index)
            last_r, last_height = wave_r, wave_height
    return np.array(kept, np.int64)


def _recentre(
    counts: NDArray[np.int16], curvature: NDArray[np.int64], peak: NDArray[np.int64], config: FrontEndConfig
) -> NDArray[np.int64]:
    """The R peak in each peak's window of integration and what is told of it: int64[5, n].

    R is the highest point next to the sharpest upward bend, or the lowest next to the sharpest downward bend
    if that one is larger, by its bend and a little by its distance from the level before both. The upward
    one is favoured by a fifth, as by those who annotate: R, not S, where there is little between them. The
    amplitude is R's distance from that level and the distance between highest and lowest.

    Rows: R, from there to the other extremum, the lean, how sharp it is, its amplitude.
    """
    window = peak[:, None] + np.arange(1 - config.integration, 1)
    bend = np.where(window < 0, 0, curvature[np.maximum(window, 0)])
    highest, most_up = _extremum(counts, window, bend, 1, config)
    lowest, most_down = _extremum(counts, window, bend, -1, config)
    level = _level_before(counts, np.minimum(highest, lowest), config)
    unit = config.decimation * config.box
    up_size = BEND_WEIGHT * most_up + unit * (counts[highest] - level)
    down_size = BEND_WEIGHT * most_down + unit * (level - counts[lowest])
    lean = _lean(UPRIGHT_FIFTHS * up_size, 5 * down_size)
    r_sample = np.where(lean >= 0, highest, lowest)
    bend = np.maximum(_fine_bend(counts, highest, config), -_fine_bend(counts, lowest, config))
    swing = counts[highest].astype(np.int64) - counts[lowest]
    amplitude = np.abs(counts[r_sample] - level) + np.maximum(swing, 0)
    other = highest + lowest - 2 * r_sample
    other[np.abs(other) > config.same_qrs] = 0
    return np.stack([r_sample, other, lean, bend, amplitude])


def _lean(up: NDArray[np.int64], down: NDArray[np.int64]) -> NDArray[np.int64]:
    """What the larger has over the smaller, in 32nds of it: -1 at least where that is `down`."""
    size = np.abs(up - down) // ((np.maximum(np.maximum(up, down), 0) >> 5) + 1)
    return np.asarray(np.where(up >= down, np.minimum(size, 32), -np.clip(size, 1, 32)))


def _extremum(
    counts: NDArray[np.int16],
    window: NDArray[np.int64],
    bend: NDArray[np.int64],
    sign: int,
    config: FrontEndConfig,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The extremum of the signal next to the sharpest bend of that sign, and that bend."""
    row, place = np.arange(len(window)), (sign * bend).argmax(axis=1)
    centre = (window[row, place] + 1) * config.decimation - 1 - config.curvature_delay
    around = np.maximum(centre[:, None] + np.arange(-config.recentre, config.recentre + 1), 0)
    offset = (sign * counts[around].astype(np.int64)).argmax(axis=1)
    return around[row, offset], sign * bend[row, place]


def _fine_bend(
    counts: NDArray[np.int16], sample: NDArray[np.int64], config: FrontEndConfig
) -> NDArray[np.int64]:
    """Minus the second difference of three short adjacent boxes, the middle one about `sample`."""
    box = config.fine_box
    first = sample - box - box // 2
    around = np.maximum(first[:, None] + np.arange(3 * box), 0)
    sums = counts[around].astype(np.int64).reshape(-1, 3, box).sum(axis=2)
    return np.asarray(2 * sums[:, 1] - sums[:, 0] - sums[:, 2])


def _level_before(
    counts: NDArray[np.int16], sample: NDArray[np.int64], config: FrontEndConfig
) -> NDArray[np.int64]:
    """The mean of a short stretch that ends where the QRS complex about `sample` begins."""
    box = config.isoelectric_box
    stretch = sample[:, None] - config.isoelectric_to - np.arange(box)
    return np.asarray(counts[np.maximum(stretch, 0)].sum(axis=1, dtype=np.int64) // box)
