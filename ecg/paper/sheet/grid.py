"""Find the millimetres of a page: a wave, its phase over the page, a homography, and what the lines are."""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.contracts import Bend, Grid, Hints, Ink, Page, Plane
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.sheet.bend import Shifts, fit_bend
from splkit.ecg.paper.sheet.check import MOST_OFF_MM, every_other_is_missing, share_on_lines, why_off
from splkit.ecg.paper.sheet.finer import by_finest_wave, with_scales
from splkit.ecg.paper.sheet.homography import Fit, apply, scales_at
from splkit.ecg.paper.sheet.lines import (
    GOOD_RESIDUAL_CYCLES,
    fit_lines,
    look,
    middle_cycles,
    profile,
    straighten_lines,
)
from splkit.ecg.paper.sheet.phase import follow_phase
from splkit.ecg.paper.sheet.rectify import rectify
from splkit.ecg.paper.sheet.scale import settle_scale
from splkit.ecg.paper.sheet.thin import thin_ink
from splkit.errors import RecordingError

MIN_SIDE_PX = 100
"""10 mm of the finest paper: less shows no grid."""
MIN_SEEN = 0.2
"""Share of the page on which both families of lines must be seen for a bend."""
FLAT_MM, FLAT_SHARE = 0.05, 0.9
"""Paper is flat where that share of its lines lies that close to the homography."""
MIN_PX_PER_MM = 5.0
"""Finer paper is drawn larger before its 1 mm lines are followed."""
MOST_MOVED = 0.03
"""A lattice that was taken aslant is 2 % off; finer lines farther off are a harmonic that is none."""
SQUARE, HALF = 1.18, (1.85, 2.35)
"""Scale along x over y, or the other way: of a page seen from 30 degrees aside, and of a fax."""
FAX_RATIO = 2.0
"""A fax of standard resolution has 8.04 px/mm along its lines and 3.85 lines a mm (ITU-T T.4)."""
MIN_ON_LINES = 0.95
"""Of the long thin ink of a copy; grids that were right had 0.99, one that was wrong 0.82."""
MOST_FAX_PX = 4_000_000
"""1728 pixels a line; longer paper than 600 mm is none."""


class NoGridError(RecordingError):
    """No lines are seen."""


class UnsureError(NoGridError):
    """Lines that look like a grid, but do not lie where one grid would have them."""


def find_grid(page: Page, ink: Ink, hints: Hints) -> Grid:
    """Find where the paper's millimetres lie.

    Raises:
        NoGridError: no grid and no `hints.px_per_mm`.
        RecordingError: the scale is ambiguous, or contradicts the hint.
    """
    height, width = ink.grid.shape
    if min(height, width) < MIN_SIDE_PX:
        raise RecordingError(
            f"grid: a page is at least {MIN_SIDE_PX} pixels high and wide",
            found=f"{width} x {height} in {page.source}",
            next_step="scan at 100 dpi or more",
        )
    unsure = None
    try:
        grid = _found(ink.grid, page, hints)
    except UnsureError as error:
        grid, unsure = None, error
    if grid is None and hints.px_per_mm is None and height * width <= MOST_FAX_PX:
        grid = _found_in_fax(ink.grid, page, hints)
    if grid is None and hints.px_per_mm is None and ink.one_hue:
        grid = _confirmed(grid_in_thin(ink.coverage, page, hints), ink.coverage)
    if grid is None and unsure is not None:
        raise unsure
    return grid if grid is not None else _stated_grid(page, hints, ink.one_hue)


def grid_in_thin(coverage: Plane, page: Page, hints: Hints) -> Grid | None:
    """What thin ink of a copy, whose traces are as dark as its lines, has of a grid; None where it has none.

    Pieces of lines may fit a wave that is none: something else must confirm it.
    """
    try:
        return _found(thin_ink(coverage), page, hints)
    except RecordingError:
        return None


def _confirmed(grid: Grid | None, coverage: Plane) -> Grid | None:
    """Such a grid, if nearly all long thin ink lies on its lines."""
    if grid is None:
        return None
    sheet = rectify(thin_ink(coverage), grid.page_from_mm, grid.bend, max(grid.px_per_mm_x, grid.px_per_mm_y))
    return grid if sheet and share_on_lines(sheet) > MIN_ON_LINES else None


def _found(plane: Plane, page: Page, hints: Hints) -> Grid | None:
    """The grid that the lines of a plane tell; None where there are no lines.

    Raises:
        UnsureError: they do not lie as a grid does.
        RecordingError: their scale is ambiguous, or contradicts the hint.
    """
    height, width = plane.shape
    fit = fit_lines(plane)
    if fit is None:
        return None
    px_per_cycle = scales_at(np.linalg.inv(fit.cycles_from_px), middle_cycles(fit, width, height))
    lines, start = profile(plane, fit)
    mean_px = float(np.sqrt(px_per_cycle[0] * px_per_cycle[1]))
    side_px = max(width, height)
    scale = settle_scale(lines, mean_px, side_px, hints.px_per_mm, page.px_per_mm_hint, page.source)
    cross = start + np.array(scale.cross_cycles)
    mm = scale.mm_per_cycle
    mm_from_cycles = np.array([[mm, 0, -mm * cross[0]], [0, mm, -mm * cross[1]], [0, 0, 1]])
    in_mm = Fit(mm_from_cycles @ fit.cycles_from_px, fit.residual_cycles * mm, fit.kept_share)
    if scale.has_1_mm_lines and mm != 1:
        in_mm = _by_1_mm_lines(plane, in_mm, mean_px / mm)
    page_from_mm = np.linalg.inv(in_mm.cycles_from_px)
    px_per_mm = scales_at(page_from_mm, middle_cycles(in_mm, width, height))
    grid = Grid(
        page_from_mm / page_from_mm[2, 2],
        px_per_mm_x=float(px_per_mm[0]),
        px_per_mm_y=float(px_per_mm[1]),
        residual_mm=in_mm.residual_cycles,
        bend=_bend(plane, in_mm, mean_px / mm),
    )
    first, (grid, off) = grid, by_finest_wave(plane, grid)
    why = why_off(off) if off is not None else ""
    moved = max(abs(grid.px_per_mm_x / first.px_per_mm_x - 1), abs(grid.px_per_mm_y / first.px_per_mm_y - 1))
    if moved > MOST_MOVED:
        why = why or f"the finest lines at another scale, by {moved:.0%}"
    unlike = max(grid.px_per_mm_x / grid.px_per_mm_y, grid.px_per_mm_y / grid.px_per_mm_x)
    if unlike > SQUARE and not HALF[0] < unlike < HALF[1]:
        why = why or f"{grid.px_per_mm_x:.1f} px/mm across and {grid.px_per_mm_y:.1f} down"
    if why:
        raise UnsureError(
            f"grid: lines lie within {MOST_OFF_MM:g} mm of where all others have them",
            found=f"{why}, in {page.source}",
            next_step="scan it again, flat and with more contrast; or give --corners of the paper",
        )
    return grid


def _found_in_fax(plane: Plane, page: Page, hints: Hints) -> Grid | None:
    """The same for a page that has half as many pixels down as across; None where that tells nothing."""
    height, width = plane.shape
    taller = cv2().resize(plane, (width, round(FAX_RATIO * height)), interpolation=cv2().INTER_LINEAR)
    try:
        grid = _found(np.asarray(taller, np.float32), page, hints)
    except RecordingError:
        return None
    if grid is None or _is_half(grid, np.asarray(taller, np.float32)):
        return None
    half = np.array([[1, 0, 0], [0, 1 / FAX_RATIO, 0.5 / FAX_RATIO - 0.5], [0, 0, 1]])
    grid = with_scales(replace(grid, page_from_mm=half @ grid.page_from_mm), plane)
    return grid if HALF[0] < grid.px_per_mm_x / grid.px_per_mm_y < HALF[1] else None


def _is_half(grid: Grid, taller: Plane) -> bool:
    """Whether the page is no such fax: a wave of half its level lines' distance was followed."""
    sheet = rectify(taller, grid.page_from_mm, grid.bend, max(grid.px_per_mm_x, grid.px_per_mm_y))
    return sheet is not None and every_other_is_missing(sheet)


def _bend(plane: Plane, in_mm: Fit, px_per_mm: float) -> Bend | None:
    """What 5 mm lines tell of curvature, over all that is in phase with its neighbours."""
    if in_mm.residual_cycles < FLAT_MM and in_mm.kept_share > FLAT_SHARE:
        return None
    straight, rect_from_px = straighten_lines(plane, in_mm, px_per_mm)
    per_px = 1 / (5 * px_per_mm)
    nodes = [follow_phase(straight, wave) for wave in (np.array([per_px, 0]), np.array([0, per_px]))]
    if min(one.seen_share for one in nodes) < MIN_SEEN:
        return None
    start = apply(in_mm.cycles_from_px @ np.linalg.inv(rect_from_px), np.zeros((1, 2)))[0]
    shifts = []
    for axis, one in enumerate(nodes):
        at_mm = np.stack([one.x, one.y], axis=1) / px_per_mm
        shift = one.cycles * 5 - at_mm[:, axis]
        shifts.append(Shifts(at_mm + start, shift - np.median(shift)))
    return fit_bend(shifts[0], shifts[1])


def _by_1_mm_lines(plane: Plane, in_mm: Fit, px_per_mm: float) -> Fit:
    """The same by the fine lines, five times as many, where they are seen as widely and agree as well."""
    px = max(px_per_mm, MIN_PX_PER_MM)
    straight, rect_from_px = straighten_lines(plane, in_mm, px)
    finer = look(straight, np.array([1 / px, 0]), np.array([0, 1 / px]))
    if finer is None or finer.residual_cycles > min(in_mm.residual_cycles, GOOD_RESIDUAL_CYCLES):
        return in_mm
    start = apply(in_mm.cycles_from_px @ np.linalg.inv(rect_from_px), np.zeros((1, 2)))[0]
    from_start = np.array([[1, 0, round(start[0])], [0, 1, round(start[1])], [0, 0, 1.0]])
    return Fit(from_start @ finer.cycles_from_px @ rect_from_px, finer.residual_cycles, finer.kept_share)


def _stated_grid(page: Page, hints: Hints, one_hue: bool) -> Grid:
    """Plain paper, taken to lie straight, at the scale that a person gave."""
    if hints.px_per_mm is None:
        raise NoGridError(
            "grid: the lines of the paper are the scale of an ECG",
            found=f"no grid in {page.source}" + (", or one of the trace's colour" if one_hue else ""),
            next_step="give --px-per-mm (a scan of 200 dpi has 7.87)"
            + (", or scan in colour" if one_hue else ""),
        )
    scale = hints.px_per_mm
    return Grid(np.diag([scale, scale, 1.0]), scale, scale, residual_mm=0.0)
