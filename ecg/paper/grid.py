"""Find the millimetres of a page: a wave, its phase over the page, a homography, and what the lines are."""

import numpy as np

from splkit.ecg.paper.comb import find_waves
from splkit.ecg.paper.contracts import Array, Grid, Hints, Ink, Page, Plane
from splkit.ecg.paper.homography import Fit, apply, fit_homography, scales_at
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.phase import follow_phase
from splkit.ecg.paper.scale import Profile, settle_scale
from splkit.errors import RecordingError

MIN_SIDE_PX = 100
"""10 mm of the finest paper: less shows no grid."""
MIN_STRENGTH = 6.0
MIN_SEEN = 0.05
"""Share of the page on which both families of lines must be seen."""
MAX_RESIDUAL_CYCLES = 0.3
MIN_PX_PER_CYCLE = 8.0
"""Finer lines are drawn larger before their profile is taken."""
SECOND_LOOKS = 2
"""With the page straightened by what is known, more of it is in phase."""


def find_grid(page: Page, ink: Ink, hints: Hints) -> Grid:
    """Find where the paper's millimetres lie.

    Raises:
        RecordingError: no grid and no `hints.px_per_mm`; or the scale is ambiguous, or contradicts the hint.
    """
    height, width = ink.grid.shape
    if min(height, width) < MIN_SIDE_PX:
        raise RecordingError(
            f"grid: a page is at least {MIN_SIDE_PX} pixels high and wide",
            found=f"{width} x {height} in {page.source}",
            next_step="scan at 100 dpi or more",
        )
    fit = _fit_lines(ink.grid)
    if fit is None:
        return _stated_grid(page, hints)
    px_per_cycle = scales_at(np.linalg.inv(fit.cycles_from_px), _middle_cycles(fit, width, height))
    profile, start = _profile(ink.grid, fit)
    mean_px = float(np.sqrt(px_per_cycle[0] * px_per_cycle[1]))
    scale = settle_scale(
        profile, mean_px, max(width, height), hints.px_per_mm, page.px_per_mm_hint, page.source
    )
    cross = start + np.array(scale.cross_cycles)
    mm = scale.mm_per_cycle
    mm_from_cycles = np.array([[mm, 0, -mm * cross[0]], [0, mm, -mm * cross[1]], [0, 0, 1]])
    page_from_mm = np.linalg.inv(mm_from_cycles @ fit.cycles_from_px)
    return Grid(
        page_from_mm / page_from_mm[2, 2],
        px_per_mm_x=float(px_per_cycle[0] / mm),
        px_per_mm_y=float(px_per_cycle[1] / mm),
        residual_mm=fit.residual_cycles * mm,
    )


def _fit_lines(plane: Plane) -> Fit | None:
    """The homography from the page to cycles of both families of lines; None where there are none."""
    waves = find_waves(plane)
    if waves.strength < MIN_STRENGTH:
        return None
    fit = _look(plane, waves.upright, waves.level)
    px = 1 / float(np.sqrt(np.hypot(*waves.upright) * np.hypot(*waves.level)))
    for _ in range(SECOND_LOOKS):
        if fit is None:
            return None
        straight, rect_from_px = _straighten(plane, fit, px)
        again = _look(straight, np.array([1 / px, 0]), np.array([0, 1 / px]))
        if again is None:
            return None
        fit = Fit(again.cycles_from_px @ rect_from_px, again.residual_cycles, again.kept_share)
    return fit if fit and fit.residual_cycles <= MAX_RESIDUAL_CYCLES else None


def _look(plane: Plane, upright: Array, level: Array) -> Fit | None:
    nodes = follow_phase(plane, upright), follow_phase(plane, level)
    if min(one.seen_share for one in nodes) < MIN_SEEN:
        return None
    return fit_homography(*nodes)


def _straighten(plane: Plane, fit: Fit, px_per_cycle: float) -> tuple[Plane, Array]:
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


def _profile(plane: Plane, fit: Fit) -> tuple[Profile, Array]:
    """Means along the lines, and the cycles (u, v) at which they start."""
    height, width = plane.shape
    px = scales_at(np.linalg.inv(fit.cycles_from_px), _middle_cycles(fit, width, height))
    unit = max(float(np.sqrt(px[0] * px[1])), MIN_PX_PER_CYCLE)
    straight, rect_from_px = _straighten(plane, fit, unit)
    cycles_from_rect = fit.cycles_from_px @ np.linalg.inv(rect_from_px)
    start = np.round(apply(cycles_from_rect, np.zeros((1, 2)))[0])
    return Profile(
        straight.mean(axis=0, dtype=np.float64), straight.mean(axis=1, dtype=np.float64), unit
    ), start


def _middle_cycles(fit: Fit, width: int, height: int) -> Array:
    return np.asarray(apply(fit.cycles_from_px, np.array([[(width - 1) / 2, (height - 1) / 2]]))[0])


def _stated_grid(page: Page, hints: Hints) -> Grid:
    """Plain paper, taken to lie straight, at the scale that a person gave."""
    if hints.px_per_mm is None:
        raise RecordingError(
            "grid: the lines of the paper are the scale of an ECG",
            found=f"no grid in {page.source}",
            next_step="give --px-per-mm (a scan of 200 dpi has 7.87)",
        )
    scale = hints.px_per_mm
    return Grid(np.diag([scale, scale, 1.0]), scale, scale, residual_mm=0.0)
