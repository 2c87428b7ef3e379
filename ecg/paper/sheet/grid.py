"""Find the millimetres of a page: a wave, its phase over the page, a homography, and what the lines are."""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.contracts import Array, Bend, Grid, Hints, Ink, Page, Plane
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.sheet.bend import fit_bend
from splkit.ecg.paper.sheet.comb import Waves, find_waves
from splkit.ecg.paper.sheet.homography import Fit, apply, fit_homography, scales_at
from splkit.ecg.paper.sheet.phase import follow_phase
from splkit.ecg.paper.sheet.scale import Profile, settle_scale
from splkit.errors import RecordingError

MIN_SIDE_PX = 100
"""10 mm of the finest paper: less shows no grid."""
MIN_STRENGTH = 3.0
"""Noise, text and clutter give 1.2 to 2.5; grids that were found rightly gave 3.7 and more."""
MIN_SEEN = 0.2
"""Share of the page on which both families of lines must be seen."""
MAX_RESIDUAL_CYCLES, GOOD_RESIDUAL_CYCLES = 0.3, 0.1
CLEARLY_LESS = 0.8
FLAT_MM, FLAT_SHARE = 0.05, 0.9
"""Paper is flat where that share of its lines lies that close to the homography."""
MIN_PX_PER_MM = 5.0
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
    in_mm = Fit(mm_from_cycles @ fit.cycles_from_px, fit.residual_cycles * mm, fit.kept_share)
    if scale.has_1_mm_lines and mm != 1:
        in_mm = _by_1_mm_lines(ink.grid, in_mm, mean_px / mm)
    page_from_mm = np.linalg.inv(in_mm.cycles_from_px)
    px_per_mm = scales_at(page_from_mm, _middle_cycles(in_mm, width, height))
    return Grid(
        page_from_mm / page_from_mm[2, 2],
        px_per_mm_x=float(px_per_mm[0]),
        px_per_mm_y=float(px_per_mm[1]),
        residual_mm=in_mm.residual_cycles,
        bend=_bend(ink.grid, in_mm, mean_px / mm),
    )


def _bend(plane: Plane, in_mm: Fit, px_per_mm: float) -> Bend | None:
    """What 5 mm lines tell of curvature, over all that is in phase with its neighbours."""
    if in_mm.residual_cycles < FLAT_MM and in_mm.kept_share > FLAT_SHARE:
        return None
    straight, rect_from_px = _straighten(plane, in_mm, px_per_mm)
    per_px = 1 / (5 * px_per_mm)
    nodes = [follow_phase(straight, wave) for wave in (np.array([per_px, 0]), np.array([0, per_px]))]
    if min(one.seen_share for one in nodes) < MIN_SEEN:
        return None
    start = apply(in_mm.cycles_from_px @ np.linalg.inv(rect_from_px), np.zeros((1, 2)))[0]
    in_mm_nodes = []
    for one, at in zip(nodes, (nodes[0].x, nodes[1].y), strict=True):
        cycles = one.cycles * 5
        in_mm_nodes.append(replace(one, cycles=cycles - np.median(cycles - at / px_per_mm)))
    return fit_bend(in_mm_nodes[0], in_mm_nodes[1], px_per_mm, start)


def _by_1_mm_lines(plane: Plane, in_mm: Fit, px_per_mm: float) -> Fit:
    """The same by the fine lines, five times as many, where they are seen as widely and agree as well."""
    px = max(px_per_mm, MIN_PX_PER_MM)
    straight, rect_from_px = _straighten(plane, in_mm, px)
    finer = _look(straight, np.array([1 / px, 0]), np.array([0, 1 / px]))
    if finer is None or finer.residual_cycles > min(in_mm.residual_cycles, GOOD_RESIDUAL_CYCLES):
        return in_mm
    start = apply(in_mm.cycles_from_px @ np.linalg.inv(rect_from_px), np.zeros((1, 2)))[0]
    from_start = np.array([[1, 0, round(start[0])], [0, 1, round(start[1])], [0, 0, 1.0]])
    return Fit(from_start @ finer.cycles_from_px @ rect_from_px, finer.residual_cycles, finer.kept_share)


def _fit_lines(plane: Plane) -> Fit | None:
    """The homography from the page to cycles of both families of lines; None where there are none."""
    best, best_px = None, np.inf
    for waves in find_waves(plane):
        fit = _follow_lines(plane, waves) if waves.strength >= MIN_STRENGTH else None
        if fit is not None and fit.residual_cycles <= MAX_RESIDUAL_CYCLES:
            off_px = fit.residual_cycles * waves.period_px
            if off_px < CLEARLY_LESS * best_px:
                best, best_px = fit, off_px
            if fit.residual_cycles <= GOOD_RESIDUAL_CYCLES:
                break
    return best


def _follow_lines(plane: Plane, waves: Waves) -> Fit | None:
    fit = _look(plane, waves.upright, waves.level)
    px = waves.period_px
    for _ in range(SECOND_LOOKS):
        if fit is None:
            return None
        straight, rect_from_px = _straighten(plane, fit, px)
        fit = _look(straight, np.array([1 / px, 0]), np.array([0, 1 / px]))
        if fit is not None:
            fit = Fit(fit.cycles_from_px @ rect_from_px, fit.residual_cycles, fit.kept_share)
    return fit


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
