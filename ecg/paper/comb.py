"""Find the wave that both families of grid lines share, on a page turned by up to 15 degrees."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
LOWEST_SHARE = 0.4
"""A longer wave of this share of the strongest is preferred: its phase is easier to follow."""


@dataclass(frozen=True)
class Waves:
    """Frequency vectors in cycles per pixel, (2,) each: across the upright and across the level lines."""

    upright: Array
    level: Array
    strength: float
    """Amplitude over that of other directions at the same period, the geometric mean of both families.

    Noise gives about 2.
    """


def find_waves(plane: Plane) -> Waves:
    """The wave of both line families, by the mean spectrum of tiles.

    Args:
        plane: (height, width) darkness of the grid, at least 32 pixels in each direction.
    """
    cv = cv2()
    spectrum = _spectrum(plane)
    size = spectrum.shape[0]
    frequencies = np.geomspace(1 / LONGEST_PX, 1 / SHORTEST_PX, STEPS)
    turns = np.deg2rad(np.arange(-45, 45, TURN_STEP_DEG))
    upright, level = (_polar(spectrum, frequencies, turns + quarter) for quarter in (0, np.pi / 2))
    background = np.median(np.concatenate([upright, level]), axis=0)
    background = np.maximum(background, 1e-3 * background.max())
    near = np.abs(turns) <= np.deg2rad(TURN_DEG)
    upright, level, turns = upright[near] / background, level[near] / background, turns[near]
    # No wave shorter than two thirds of a tile is counted: fewer periods than that tell no direction.
    resolved = frequencies >= 1.5 / size
    upright, level, frequencies = upright[:, resolved], level[:, resolved], frequencies[resolved]
    kernel = np.ones((ALIKE_TURNS | 1, ALIKE_STEPS | 1), np.uint8)
    joint = np.sqrt(cv.dilate(upright, kernel) * cv.dilate(level, kernel))
    per_period = joint.max(axis=0)
    best = int(np.argmax(per_period))
    for step in range(best):
        if (
            per_period[step] >= LOWEST_SHARE * per_period[best]
            and per_period[step] == per_period[max(0, step - 8) : step + 9].max()
        ):
            best = step
            break
    turn = int(np.argmax(joint[:, best]))
    found = [_peak(family, turn, best) for family in (upright, level)]
    vectors = [
        frequencies[f] * np.array([np.cos(turns[t] + quarter), np.sin(turns[t] + quarter)])
        for (t, f), quarter in zip(found, (0, np.pi / 2), strict=True)
    ]
    return Waves(vectors[0], vectors[1], float(per_period[best]))


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
