"""Both families of grid lines on a page: waves, their phase, and the homography that fits them."""

import numpy as np

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.sheet.comb import Waves, find_waves
from splkit.ecg.paper.sheet.homography import Fit, apply, fit_homography, scales_at
from splkit.ecg.paper.sheet.phase import follow_phase
from splkit.ecg.paper.sheet.scale import Profile

MIN_STRENGTH = 3.0
"""Noise, text and clutter give 1.2 to 2.5; grids that were found rightly gave 3.7 and more."""
SHARP_CYCLES = ((2.5, 0.12), (2.0, 0.015))
"""Long waves are weak, as a tile holds few periods of them: from such a strength they are lines where their
phase fits so well."""
MIN_SEEN = 0.2
"""Share of the page on which both families of lines must be seen."""
MAX_RESIDUAL_CYCLES, GOOD_RESIDUAL_CYCLES = 0.3, 0.1
CLEARLY_LESS = 0.8
MIN_PX_PER_CYCLE = 8.0
"""Finer lines are drawn larger before their profile is taken."""
SECOND_LOOKS = 2
"""With the page straightened by what is known, more of it is in phase."""


def fit_lines(plane: Plane) -> Fit | None:
    """The homography from the page to cycles of both families of lines; None where there are none."""
    best, best_px = None, np.inf
    for waves in find_waves(plane):
        most = _most_residual(waves.strength)
        fit = _follow_lines(plane, waves) if most > 0 else None
        if fit is not None and fit.residual_cycles <= most:
            off_px = fit.residual_cycles * waves.period_px
            if off_px < CLEARLY_LESS * best_px:
                best, best_px = fit, off_px
            if fit.residual_cycles <= GOOD_RESIDUAL_CYCLES:
                break
    return best


def _most_residual(strength: float) -> float:
    """How far, in cycles, the phase of lines may lie off; 0 where no wave so weak is believed."""
    if strength >= MIN_STRENGTH:
        return MAX_RESIDUAL_CYCLES
    return max((cycles for least, cycles in SHARP_CYCLES if strength >= least), default=0.0)


def _follow_lines(plane: Plane, waves: Waves) -> Fit | None:
    fit = look(plane, waves.upright, waves.level)
    px = waves.period_px
    for _ in range(SECOND_LOOKS):
        if fit is None:
            return None
        straight, rect_from_px = straighten_lines(plane, fit, px)
        fit = look(straight, np.array([1 / px, 0]), np.array([0, 1 / px]))
        if fit is not None:
            fit = Fit(fit.cycles_from_px @ rect_from_px, fit.residual_cycles, fit.kept_share)
    return fit


def look(plane: Plane, upright: Array, level: Array) -> Fit | None:
    """The homography to cycles of two waves, (2,) in cycles per pixel; None where one is hardly seen."""
    nodes = follow_phase(plane, upright), follow_phase(plane, level)
    if min(one.seen_share for one in nodes) < MIN_SEEN:
        return None
    return fit_homography(*nodes)


def straighten_lines(plane: Plane, fit: Fit, px_per_cycle: float) -> tuple[Plane, Array]:
    """The grid with its lines upright and level, and the homography to it.

    Whole cycles are at multiples of `px_per_cycle`.
    """
    height, width = plane.shape
    corners = apply(fit.cycles_from_px, np.array([[0.0, 0], [width, 0], [width, height], [0, height]]))
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    size = np.minimum((high - low) * px_per_cycle, 2 * max(plane.shape)).astype(int)
    rect_from_cycles = np.array(
        [[px_per_cycle, 0, -low[0] * px_per_cycle], [0, px_per_cycle, -low[1] * px_per_cycle], [0, 0, 1]]
    )
    rect_from_px = rect_from_cycles @ fit.cycles_from_px
    straight = cv2().warpPerspective(
        plane, rect_from_px, (int(size[0]), int(size[1])), borderValue=float(plane.mean())
    )
    return np.asarray(straight, np.float32), rect_from_px


def profile(plane: Plane, fit: Fit) -> tuple[Profile, Array]:
    """Means along the lines, and the cycles (u, v) at which they start."""
    height, width = plane.shape
    px = scales_at(np.linalg.inv(fit.cycles_from_px), middle_cycles(fit, width, height))
    unit = max(float(np.sqrt(px[0] * px[1])), MIN_PX_PER_CYCLE)
    straight, rect_from_px = straighten_lines(plane, fit, unit)
    cycles_from_rect = fit.cycles_from_px @ np.linalg.inv(rect_from_px)
    start = np.round(apply(cycles_from_rect, np.zeros((1, 2)))[0])
    return Profile(
        straight.mean(axis=0, dtype=np.float64), straight.mean(axis=1, dtype=np.float64), unit
    ), start


def middle_cycles(fit: Fit, width: int, height: int) -> Array:
    """(2,) cycles at the middle of the page."""
    return np.asarray(apply(fit.cycles_from_px, np.array([[(width - 1) / 2, (height - 1) / 2]]))[0])
