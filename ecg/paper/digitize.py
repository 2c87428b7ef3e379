"""All steps from a page to its leads in mV; docs/paper_steps.md lists them."""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.contracts import Digitized, Grid, Hints, Ink, Layout, Page, Sheet
from splkit.ecg.paper.layout.turn import upright_layout
from splkit.ecg.paper.layout.ungridded import as_assumed, grid_by_rows, is_like
from splkit.ecg.paper.pages.corners import cut_out
from splkit.ecg.paper.sheet.grid import NoGridError, find_grid, grid_in_thin
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.ecg.paper.sheet.scale import AmbiguousScaleError
from splkit.ecg.paper.sheet.thickness import fits_pen
from splkit.ecg.paper.sheet.warp import straighten
from splkit.ecg.paper.trace.exact import as_drawn
from splkit.ecg.paper.trace.follow import follow
from splkit.ecg.paper.trace.origin import on_time
from splkit.ecg.paper.trace.quality import judge
from splkit.ecg.paper.trace.refine import refine
from splkit.ecg.paper.trace.segments import to_segments
from splkit.errors import RecordingError

NO_HINTS = Hints()
ALIKE = 0.15
"""Scales that are to be told apart differ five times; two ways to the same one by so much."""


def digitize(page: Page, hints: Hints = NO_HINTS) -> Digitized:
    """Reads a page.

    Args:
        page: of `load_pages`.
        hints: what a person states of it.

    Raises:
        RecordingError: a step cannot do its part; says which, where and the number.
    """
    paper, page_from_paper = cut_out(page, hints.corners) if hints.corners else (page, np.eye(3))
    grid, sheet, layout = _laid_out(paper, hints)
    strokes, pen = refine(sheet, layout, follow(sheet, layout))
    layout, strokes = on_time(sheet, layout, strokes, pen, grid)
    page_from_sheet = page_from_paper @ sheet.page_from_sheet
    segments = to_segments(sheet, layout, strokes)
    strokes, segments, notes = as_drawn(sheet, page_from_sheet, page.lines, strokes, segments)
    judged = judge(sheet, layout, strokes, segments)
    on_page = replace(grid, page_from_mm=page_from_paper @ grid.page_from_mm)
    return Digitized(page, on_page, layout, strokes, page_from_sheet, judged, notes)


def _laid_out(paper: Page, hints: Hints) -> tuple[Grid, Sheet, Layout]:
    """Where millimetres and leads lie; by the rows alone on a black-and-white copy that lost its grid."""
    ink = find_ink(paper)
    no_grid = None
    try:
        grid = _grid(paper, ink, hints)
    except NoGridError as error:
        by_rows = grid_by_rows(ink.coverage) if ink.one_hue else None
        if by_rows is None:
            raise
        lines = grid_in_thin(ink.coverage, paper, hints)
        told = lines is not None and is_like(lines, by_rows)
        grid, no_grid = (lines, None) if lines is not None and told else (by_rows, error)
    straight = straighten(paper, ink, grid)
    del ink  # two planes of the page, which may be far larger than the sheet
    try:
        sheet, layout = upright_layout(straight, hints)
    except RecordingError:
        if no_grid is None:
            raise
        raise no_grid from None
    return grid, sheet, layout if no_grid is None else as_assumed(layout, grid)


def _grid(paper: Page, ink: Ink, hints: Hints) -> Grid:
    """The grid of the lines; of several scales the length of rows tells one, or the pen."""
    try:
        return find_grid(paper, ink, hints)
    except AmbiguousScaleError as error:
        by_rows = grid_by_rows(ink.coverage)
        near = [each for each in error.px_per_mm if by_rows and abs(each / by_rows.px_per_mm_x - 1) < ALIKE]
        if len(near) != 1:
            near = [each for each in error.px_per_mm if fits_pen(ink.coverage, each)]
        if len(near) != 1:
            raise
        return find_grid(paper, ink, replace(hints, px_per_mm=near[0]))
