"""Find the wave that both families of grid lines share, on a page turned by up to 15 degrees."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.opencv import cv2

TILE_PX = 512
MAX_TILES = 24
SHORTEST_PX, LONGEST_PX = 2.8, 110.0
"""Periods looked for: 1 mm lines at 3.5 px/mm seen aslant, to 5 mm lines at 20 px/mm."""
STEPS = 400
"""Of the period, each 1 % apart."""
TURN_DEG, TURN_STEP_DEG = 16.0, 0.5
ALIKE_STEPS, ALIKE_TURNS = 10, 12
"""The two families of one page differ by at most 10 % in period, and by 6 degrees from a right angle."""
AROUND_STEPS = 41
HARMONICS = (1, 2, 3, 4, 5)
LOUDEST = 40.0
"""No harmonic stands for all: the fourth of 5 mm lines may be louder than the first."""
LEAST_CONTRAST = 0.01
"""Of a page, between its lightest and darkest: less is rounding, and has no wave."""
LOWEST_SHARES = (0.65, 0.4, 0.9)
"""A longer wave with such a share of the best score is the lines' own; one twice as long scores a half."""


@dataclass(frozen=True)
class Waves:
    """Frequency vectors in cycles per pixel, (2,) each: across the upright and across the level lines."""

    upright: Array
    level: Array
    strength: float
    """Amplitude over that of other directions, the geometric mean of both families and of the harmonics.

    No harmonic counts for more than `LOUDEST`.
    """

    @property
    def period_px(self) -> float:
        """The geometric mean of both families' periods."""
        return 1 / float(np.sqrt(np.hypot(*self.upright) * np.hypot(*self.level)))


def find_waves(plane: Plane) -> list[Waves]:
    """What may be the wave of both line families, by the mean spectrum of tiles; the likeliest first.

    Args:
        plane: (height, width) darkness of the grid, at least 32 pixels in each direction.
    """
    if float(np.ptp(plane)) < LEAST_CONTRAST:
        return []
    cv = cv2()
    spectrum = _spectrum(plane)
    size = spectrum.shape[0]
    frequencies = np.geomspace(1 / LONGEST_PX, 1 / SHORTEST_PX, STEPS)
    turns = np.deg2rad(np.arange(-45, 45, TURN_STEP_DEG))
    upright, level = (_polar(spectrum, frequencies, turns + quarter) for quarter in (0, np.pi / 2))
    background = np.median(np.concatenate([upright, level]), axis=0)
    background = np.maximum(background, 1e-3 * background.max())
    near = np.abs(turns) <= np.deg2rad(TURN_DEG)
    upright, level = (_peaks(family[near] / background) for family in (upright, level))
    turns = turns[near]
    # No wave shorter than two thirds of a tile is counted: fewer periods than that tell no direction.
    resolved = frequencies >= 1.5 / size
    upright, level, frequencies = upright[:, resolved], level[:, resolved], frequencies[resolved]
    kernel = np.ones((ALIKE_TURNS | 1, ALIKE_STEPS | 1), np.uint8)
    joint = np.sqrt(cv.dilate(upright, kernel) * cv.dilate(level, kernel))
    score = _comb(joint, frequencies)
    found = []
    for turn, step in _lowest_peaks(score):
        peaks = [_peak(family, turn, step) for family in (upright, level)]
        vectors = [
            frequencies[f] * np.array([np.cos(turns[t] + quarter), np.sin(turns[t] + quarter)])
            for (t, f), quarter in zip(peaks, (0, np.pi / 2), strict=True)
        ]
        found.append(Waves(vectors[0], vectors[1], float(np.exp(score[turn, step]))))
    return found


def _peaks(family: Plane) -> Plane:
    """Each wave over others of about its period in its direction: an axis of lines is loud all along."""
    around = median_filter(family, size=(1, AROUND_STEPS), mode="nearest")
    return np.asarray(family / np.maximum(around, 1), np.float32)


def _comb(joint: Plane, frequencies: Array) -> Plane:
    """(turns, frequencies): the mean log amplitude of a wave and its harmonics, each at most `LOUDEST`."""
    loud = np.clip(np.log(np.maximum(joint, 1.0)), 0, np.log(LOUDEST)).astype(np.float32)
    total, count = np.zeros_like(loud), np.zeros(loud.shape[1], np.float32)
    per_step = np.log(frequencies[1] / frequencies[0])
    for harmonic in HARMONICS:
        shift = round(np.log(harmonic) / per_step)
        total[:, : loud.shape[1] - shift] += loud[:, shift:]
        count[: loud.shape[1] - shift] += 1
    # The tolerance makes plateaus of peaks: their middle is meant.
    return np.asarray(
        cv2().blur(
            total / count, (ALIKE_STEPS // 2 | 1, ALIKE_TURNS // 2 | 1), borderType=cv2().BORDER_REPLICATE
        )
    )


def _lowest_peaks(score: Plane) -> list[tuple[int, int]]:
    """Turn and frequency of the lowest waves that are nearly as good as the best; the likeliest first."""
    best = score.max(axis=0)
    found: list[tuple[int, int]] = []
    for share in LOWEST_SHARES:
        for step in range(len(best)):
            around = best[max(0, step - ALIKE_STEPS) : step + ALIKE_STEPS + 1]
            if best[step] >= share * best.max() and best[step] == around.max():
                found.append((int(np.argmax(score[:, step])), step))
                break
    return list(dict.fromkeys(found))


def _spectrum(plane: Plane) -> Plane:
    """(size, size) amplitude, zero frequency in the middle: the mean over tiles, each to its own total."""
    height, width = plane.shape
    size = min(TILE_PX, height, width)
    window = np.outer(np.hanning(size), np.hanning(size)).astype(np.float32)
    rows, columns = _starts(height, size), _starts(width, size)
    total = np.zeros((size, size // 2 + 1), np.float32)
    for top in rows:
        for left in columns:
            tile = plane[top : top + size, left : left + size]
            amplitude = np.abs(np.fft.rfft2((tile - tile.mean()) * window)).astype(np.float32)
            total += amplitude / max(float(amplitude.sum()), 1e-6)
    full = np.concatenate([total, total[(-np.arange(size)) % size, 1 : (size + 1) // 2][:, ::-1]], axis=1)
    return np.asarray(np.fft.fftshift(full), np.float32)


def _starts(length: int, size: int) -> npt.NDArray[np.int64]:
    count = min(int(np.ceil(1.5 * length / size)) - 1, int(np.sqrt(MAX_TILES))) if length > size else 1
    return np.linspace(0, length - size, max(count, 1)).astype(np.int64)


def _polar(spectrum: Plane, frequencies: Array, turns: Array) -> Plane:
    """(turns, frequencies) amplitude."""
    size = spectrum.shape[0]
    middle = size // 2
    x = middle + size * np.outer(np.cos(turns), frequencies)
    y = middle + size * np.outer(np.sin(turns), frequencies)
    cv = cv2()
    return np.asarray(
        cv.remap(spectrum, x.astype(np.float32), y.astype(np.float32), cv.INTER_LINEAR), np.float32
    )


def _peak(family: Plane, turn: int, step: int) -> tuple[int, int]:
    """Where one family is strongest within what the other allows."""
    t0, f0 = max(0, turn - ALIKE_TURNS // 2), max(0, step - ALIKE_STEPS // 2)
    part = family[t0 : turn + ALIKE_TURNS // 2 + 1, f0 : step + ALIKE_STEPS // 2 + 1]
    t, f = np.unravel_index(int(np.argmax(part)), part.shape)
    return t0 + int(t), f0 + int(f)
