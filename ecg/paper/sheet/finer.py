"""The grid once more, by the finest wave of its lines: 1 mm lines, or the fifth harmonic of 5 mm lines.

Traces have little of so short a wave, so it tells places that 5 mm lines under a trace tell wrongly.
"""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.contracts import Array, Grid, Plane
from splkit.ecg.paper.sheet.bend import Shifts, fit_bend
from splkit.ecg.paper.sheet.check import Offs, lines_off
from splkit.ecg.paper.sheet.homography import apply, fit_homography, scales_at
from splkit.ecg.paper.sheet.phase import Nodes, follow_phase
from splkit.ecg.paper.sheet.rectify import Rectified, flat_mm, rectify
from splkit.ecg.paper.sheet.slant import unslanted

ALL_BUT = 0.95
"""Less than that is noise."""
MIN_SEEN = 0.3
"""Share of the page on which the wave must be seen."""
EXACT_MM = 0.03
"""Of the places all but a few lie so near: it is not worth another look."""
BEND_MM = 0.03
"""Root mean square of a bend that this wave can tell."""
SECOND_HARMONIC_MM = 2.5
"""Of 5 mm lines."""
ROUNDS = 2


def by_finest_wave(plane: Plane, grid: Grid) -> tuple[Grid, Offs | None]:
    """The grid, moved to where the finest wave is if that brings it nearer; and how far it still lies off.

    None where the page cannot be laid flat.
    """
    sheet = _laid(plane, grid)
    if sheet is None:
        return grid, None
    true_mm = unslanted(sheet)
    if true_mm is not None:
        upright = replace(grid, page_from_mm=grid.page_from_mm @ np.linalg.inv(true_mm), bend=None)
        grid = with_scales(upright, plane)
        sheet = _laid(plane, grid)
        if sheet is None:
            return grid, None
    off = lines_off(sheet, 1.0)
    for _ in range(ROUNDS):
        if worst_mm(off) < EXACT_MM:
            break
        best = sheet, grid, off
        for moved in _moved(sheet, grid):
            laid = _laid(plane, moved)
            new = lines_off(laid, 1.0) if laid is not None else None
            if laid is not None and new is not None and _is_nearer(new, best[2]):
                best = laid, moved, new
        if best[1] is grid:
            break
        sheet, grid, off = best
    if max(one.seen_share for one in off) < MIN_SEEN:
        # A blurred page of under 4 px/mm shows no wave of 1 mm.
        off = lines_off(sheet, SECOND_HARMONIC_MM)
    return with_scales(grid, plane), off


def with_scales(grid: Grid, plane: Plane) -> Grid:
    """The same with the px/mm that its homography has at the middle of the page."""
    middle = np.array([[(plane.shape[1] - 1) / 2, (plane.shape[0] - 1) / 2]])
    scales = scales_at(grid.page_from_mm, apply(np.linalg.inv(grid.page_from_mm), middle)[0])
    return replace(grid, px_per_mm_x=float(scales[0]), px_per_mm_y=float(scales[1]))


def worst_mm(off: Offs) -> float:
    """Of both families; infinite where one is not seen."""
    return max(one.worst_mm if one.seen_share > 0 else np.inf for one in off)


def _is_nearer(new: Offs, old: Offs) -> bool:
    seen = [min(one.seen_share for one in pair) for pair in (new, old)]
    if seen[0] == 0 or seen[1] == 0:
        return seen[0] > seen[1]
    means = [sum(one.mean_mm for one in pair) for pair in (new, old)]
    return seen[0] > ALL_BUT * seen[1] and means[0] < ALL_BUT * means[1]


def _laid(plane: Plane, grid: Grid) -> Rectified | None:
    return rectify(plane, grid.page_from_mm, grid.bend, float(np.sqrt(grid.px_per_mm_x * grid.px_per_mm_y)))


def _moved(sheet: Rectified, grid: Grid) -> list[Grid]:
    """Flat and bent paper, fitted to the nodes of the 1 mm wave on the sheet."""
    nodes = [follow_phase(sheet.plane, wave) for wave in np.eye(2) / sheet.px_per_mm]
    if min(one.seen_share for one in nodes) < MIN_SEEN * float(sheet.inside.mean()):
        return []
    places, told = [], []
    for axis, one in enumerate(nodes):
        at = np.stack([one.x, one.y], axis=1) / sheet.px_per_mm + sheet.start_mm
        mm = one.cycles + sheet.start_mm[axis]
        told.append(mm - np.round(np.median(mm - at[:, axis])))
        places.append(flat_mm(grid.bend, at))
    on_page = [apply(grid.page_from_mm, at) for at in places]
    on_lines = (
        Nodes(at[:, 0], at[:, 1], mm, one.seen_share)
        for at, mm, one in zip(on_page, told, nodes, strict=True)
    )
    fit = fit_homography(*on_lines)
    inverse = np.linalg.inv(fit.cycles_from_px)
    page_from_mm: Array = np.asarray(inverse / inverse[2, 2])
    found = [replace(grid, page_from_mm=page_from_mm, bend=None, residual_mm=fit.residual_cycles)]
    for matrix in (grid.page_from_mm, page_from_mm) if grid.bend is not None else (page_from_mm,):
        shifts = []
        for axis, (at, mm) in enumerate(zip(on_page, told, strict=True)):
            flat = apply(np.linalg.inv(matrix), at)
            shifts.append(Shifts(flat, mm - flat[:, axis]))
        bend = fit_bend(shifts[0], shifts[1], BEND_MM)
        if bend is not None:
            found.append(replace(grid, page_from_mm=matrix, bend=bend))
    return found
