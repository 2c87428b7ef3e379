"""Where time begins, to a fifth of a pixel: by the ends of the refined strokes, where the ink shows them."""

from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import ndtr

from splkit.ecg.paper.contracts import Array, Grid, Layout, Sheet, Stroke
from splkit.ecg.paper.sheet.homography import apply
from splkit.ecg.paper.trace.canvas import Lines, nearest_places, pixels_near
from splkit.ecg.paper.trace.look import margin_px
from splkit.ecg.paper.trace.middle import STEP_PX
from splkit.ecg.paper.trace.pen import Pen, land

WITHIN_PX = 0.75
"""Bars are drawn at whole pixels, so the columns are half a pixel beside their time, and hardly more."""
INSIDE_PX, OUTSIDE_PX = 9.0, 5.0
"""Columns about an end that tell where it is."""
SHARP = 0.06
"""Ink ends so sharply, as a root mean square of shares of the line's ink; grid, JPEG and bars blur it."""
LEVEL_PX = 3.0
"""The line's ink is measured so far inside."""
MIDDLE = 0.35
"""Share of the pen's width on either side of a line where its end is looked at."""
OUTLIER = 0.3
ALIKE_PX = 0.2
"""Ends of a page lie at one place to so much,"""
LEAST = 3
"""and so many of them tell, and over half of those that there are."""
SAMPLE_S = (0.002, 0.01)
"""A record ends a sample before its last column does: at 500 Hz, else at 100 Hz as in the small PTB-XL."""
MOST_BLUR_PX = 0.5
"""A wide sharp pen and a narrow blurred one look alike: beyond this blur, half the width tells no end."""
CLUTTER_MM = (4.0, 1.5)
"""A pulse or label so near, along x and y, may be what ends there."""
ROUND_S = 0.25
"""The time of a page is a multiple of this, or its end was taken from the ink."""


LINE_MM, LINE_PX = 5.0, 0.6
"""A tracing that seems to begin so near to a 5 mm line, in pixels of the page, begins at it."""
EARLY_PX: Final = (0.0, -0.5)
"""Where it then begins beside the line: plot programs round lines to whole pixels, and their middle
up by half of one (Agg, which matplotlib draws with), but no traces."""


def on_time(
    sheet: Sheet, layout: Layout, strokes: tuple[Stroke, ...], pen: Pen | None, grid: Grid | None = None
) -> tuple[Layout, tuple[Stroke, ...]]:
    """Layout and strokes with all panels moved to where the first strokes begin; else where the last end.

    A line's ink reaches half the pen's width beyond its last point. Beginnings count before ends, as those
    lie a sample short of the time that is shown. Where the ink ends blurred, a 5 mm line of the grid tells
    that they nearly begin at. Else nothing moves.
    """
    shift = 0.0
    if pen is not None and pen.blur_px <= MOST_BLUR_PX:
        shift = _shift_px(sheet, layout, strokes, pen)
    if shift == 0 and grid is not None and grid.bend is None:
        shift = _to_line_px(sheet, layout, grid)
    panels = tuple(replace(each, left=each.left + shift, right=each.right + shift) for each in layout.panels)
    moved = tuple(replace(each, panel=panel) for each, panel in zip(strokes, panels, strict=True))
    return replace(layout, panels=panels), moved


def _to_line_px(sheet: Sheet, layout: Layout, grid: Grid) -> float:
    """How far the columns are from a line of the grid that they nearly begin at, in pixels of the sheet."""
    left = min(panel.left for panel in layout.panels)
    page = apply(sheet.page_from_sheet, np.array([[left, sheet.coverage.shape[0] / 2]]))
    left_mm = float(apply(np.linalg.inv(grid.page_from_mm), page)[0, 0])
    line_mm = LINE_MM * round(left_mm / LINE_MM)
    off_px = [(line_mm - left_mm) * grid.px_per_mm_x + early for early in EARLY_PX]
    least = min(off_px, key=abs)
    return least * sheet.px_per_mm_x / grid.px_per_mm_x if abs(least) <= LINE_PX else 0.0


def _shift_px(sheet: Sheet, layout: Layout, strokes: tuple[Stroke, ...], pen: Pen) -> float:
    left = min(panel.left for panel in layout.panels)
    right = max(panel.right for panel in layout.panels)
    px_per_s = sheet.px_per_mm_x * layout.panels[0].mm_per_s
    begins = [s for s in strokes if abs(s.panel.left - left) < 1]
    found = _shared([_end(sheet, layout, each, pen, -1) for each in begins])
    if found is not None and abs(found - left) <= WITHIN_PX:
        return found - left
    lasts = (right - left) / px_per_s
    found = _shared([_end(sheet, layout, s, pen, 1) for s in strokes if abs(s.panel.right - right) < 1])
    if found is None or abs(lasts - ROUND_S * round(lasts / ROUND_S)) > 0.5 * SAMPLE_S[0]:
        return 0.0
    shifts = (found + sample * px_per_s - right for sample in SAMPLE_S)
    return next((shift for shift in shifts if abs(shift) <= WITHIN_PX), 0.0)


def _shared(ends: list[float | None]) -> float | None:
    """Where the ends of a page lie, if enough of them are seen at one place."""
    seen = np.array([end for end in ends if end is not None])
    if len(seen) < LEAST:
        return None
    near = np.abs(seen - np.median(seen)) <= ALIKE_PX
    enough = near.sum() >= LEAST and 2 * near.sum() > len(ends)
    return float(np.median(seen[near])) if enough else None


def _end(sheet: Sheet, layout: Layout, stroke: Stroke, pen: Pen, way: int) -> float | None:
    """x of the first (-1) or the last (1) point of a line; None where its ink does not end sharply."""
    at = 0 if way < 0 else -1
    x, y = float(stroke.x[at]), float(stroke.y[at])
    if not np.isfinite(y) or _is_beside_clutter(sheet, layout, x, y):
        return None
    out, ink = _ink_along(sheet, stroke, pen, way)
    level = float(np.median(ink[out < -LEVEL_PX])) if np.any(out < -LEVEL_PX) else 0.0
    if level < 0.3:
        return None
    share = np.clip(ink / level, 0.0, 1.3)
    edges = np.arange(-0.8 * OUTSIDE_PX, 0.8 * OUTSIDE_PX, 0.02)
    off = share - ndtr((edges[:, None] - out) / pen.blur_px)
    best = int(np.minimum(1.0, np.square(off / OUTLIER)).sum(axis=1).argmin())
    near = np.abs(out - edges[best]) < OUTSIDE_PX
    is_sharp = float(np.sqrt(np.mean(np.square(off[best][near])))) < SHARP
    return x + way * (float(edges[best]) - 0.5 * pen.width_px) if is_sharp else None


def _is_beside_clutter(sheet: Sheet, layout: Layout, x: float, y: float) -> bool:
    along, across = CLUTTER_MM[0] * sheet.px_per_mm_x, CLUTTER_MM[1] * sheet.px_per_mm_y
    return any(
        box.left - along < x < box.right + along and box.top - across < y < box.bottom + across
        for box in layout.clutter
    )


def _ink_along(sheet: Sheet, stroke: Stroke, pen: Pen, way: int) -> tuple[Array, Array]:
    """How far outside the stroke's end columns lie, and their ink as a share of the line's, if it went on.

    Along its middle a line ends at nearly the same place, whether its cap is round or square.
    """
    margin = margin_px(pen)
    at = 0 if way < 0 else -1
    end_x, end_y = stroke.x[at], stroke.y[at]
    part = np.abs(stroke.x - end_x) <= INSIDE_PX + margin + 1
    on = end_x + way * np.arange(STEP_PX, OUTSIDE_PX + margin + 2, STEP_PX)
    x, y = np.r_[stroke.x[part], on], np.r_[stroke.y[part], np.full(len(on), end_y)]
    order = np.argsort(x)
    line = Lines(x[order], y[order], np.array([0, len(x)]), STEP_PX)
    pixels = pixels_near(line, margin, sheet.coverage.shape)
    places = nearest_places(line, pixels, margin)
    drawn = land(places.distance, pen).coverage
    out = way * (pixels.column - end_x)
    middle = places.distance <= max(MIDDLE * pen.width_px, 0.75)
    keep = (out >= -INSIDE_PX) & (out <= OUTSIDE_PX) & middle
    column = pixels.column[keep]
    first = int(column.min(initial=0))
    seen = np.bincount(column - first, sheet.coverage[pixels.row[keep], column])
    whole = np.bincount(column - first, drawn[keep])
    is_near = whole > 0
    columns = np.flatnonzero(is_near) + first
    return way * (columns - end_x), seen[is_near] / whole[is_near]
