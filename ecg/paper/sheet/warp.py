"""Lay the page straight: one warp, and none where it lies straight already."""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.contracts import Array, Grid, Ink, Page, Plane, Sheet
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.sheet.black import without_black_lines
from splkit.ecg.paper.sheet.cell import without_lines
from splkit.ecg.paper.sheet.homography import apply
from splkit.ecg.paper.sheet.rectify import pixels_of_sheet, reach_mm
from splkit.ecg.paper.sheet.size import PX_PER_MM, is_fine, shrunk
from splkit.ecg.paper.sheet.uneven import bridged, without_uneven_lines
from splkit.errors import RecordingError

STRAIGHT_MM = 0.1
"""A page whose lines run this close to its rows and columns is left as it is: 4 ms, 0.01 mV."""
MAX_GROWTH = 3.0
"""The sheet has at most that many times the pixels of the page."""
FOLD = 2
"""Pixels of a page finer than the sheet are laid flat at so many times the sheet's scale, then averaged."""
BAND_ROWS = 128
"""Of the sheet, laid flat at once."""


def straighten(page: Page, ink: Ink, grid: Grid) -> Sheet:
    """The ink on straight paper, at the page's own scale along x and along y, 10 px/mm at most.

    Raises:
        RecordingError: the perspective is too strong for the whole page to be laid flat.
    """
    height, width = ink.coverage.shape
    corners = np.array([[0.0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]])
    on_paper = apply(np.linalg.inv(grid.page_from_mm), corners)
    scale = np.array([grid.px_per_mm_x, grid.px_per_mm_y])
    if grid.bend is None and _bend_mm(corners, on_paper, grid) <= STRAIGHT_MM:
        line_px = apply(grid.page_from_mm, np.zeros((1, 2)))[0]
        return _plain(Sheet(ink.coverage, float(scale[0]), float(scale[1]), np.eye(3)), ink.one_hue, line_px)
    low, high = reach_mm(grid.bend, grid.page_from_mm, width, height)
    size = np.ceil((high - low) * scale).astype(int) + 1
    if size[0] * size[1] > MAX_GROWTH * width * height:
        raise RecordingError(
            "warp: a page can be laid flat whole",
            found=f"{size[0]} x {size[1]} pixels from {width} x {height} in {page.source}",
            next_step="take the photo from above, or give --corners",
        )
    fold = 1
    if is_fine(*scale):
        scale, fold = np.full(2, PX_PER_MM), FOLD
        size = np.ceil((high - low) * scale).astype(int) + 1
    mm_from_sheet = np.array([[1 / scale[0], 0, low[0]], [0, 1 / scale[1], low[1]], [0, 0, 1]])
    flat = _laid_flat(ink.coverage, grid, mm_from_sheet, size, fold)
    page_from_sheet = grid.page_from_mm @ mm_from_sheet
    page_from_sheet = page_from_sheet / page_from_sheet[2, 2]
    return _plain(Sheet(flat, float(scale[0]), float(scale[1]), page_from_sheet), ink.one_hue, -low * scale)


def _laid_flat(plane: Plane, grid: Grid, mm_from_sheet: Array, size: Array, fold: int) -> Plane:
    """A plane of the page on straight paper, `size` wide and high, each pixel the mean of `fold` x `fold`.

    Some rows at a time: all of the finer pixels of a fine page, and where they come from, would take 300 MB.
    """
    cv = cv2()
    flat = np.empty((int(size[1]), int(size[0])), np.float32)
    for top in range(0, len(flat), BAND_ROWS):
        rows = flat[top : top + BAND_ROWS]
        first = np.array([[1, 0, 0.5 - fold / 2], [0, 1, fold * top + 0.5 - fold / 2], [0, 0, fold]])
        mm_from_fine = mm_from_sheet @ (first / fold)
        fine = (int(size[0]) * fold, len(rows) * fold)
        if grid.bend is None:
            flags = cv.INTER_CUBIC | cv.WARP_INVERSE_MAP
            part = cv.warpPerspective(plane, grid.page_from_mm @ mm_from_fine, fine, flags=flags)
        else:
            x, y = pixels_of_sheet(grid.bend, grid.page_from_mm, mm_from_fine, np.array(fine))
            part = cv.remap(plane, x, y, cv.INTER_CUBIC)
        np.clip(part, 0, 1, out=part)
        if fold > 1:
            part = cv.resize(part, (int(size[0]), len(rows)), interpolation=cv.INTER_AREA)
        rows[...] = part
    return flat


def _plain(sheet: Sheet, one_hue: bool, line_px: Array) -> Sheet:
    """The sheet, made smaller where it is finer than it need be, less what is left of the grid.

    Args:
        sheet: straight, with its grid.
        one_hue: whether the grid is as dark as the ink.
        line_px: (2,) x and y where 5 mm lines cross.
    """
    small = shrunk(sheet)
    coverage, px_per_mm = small.coverage, (small.px_per_mm_x, small.px_per_mm_y)
    x, y = (line_px + 0.5) * px_per_mm / np.array([sheet.px_per_mm_x, sheet.px_per_mm_y]) - 0.5
    if one_hue:
        coverage = without_black_lines(coverage, px_per_mm, (float(x), float(y)))
    coverage = without_lines(coverage, px_per_mm, (float(x), float(y)))
    if one_hue:
        coverage = without_uneven_lines(coverage, px_per_mm, (float(x), float(y)))
        coverage = bridged(coverage, small.coverage)
    return replace(small, coverage=coverage)


def _bend_mm(corners: Array, on_paper: Array, grid: Grid) -> float:
    """How far, at the corners of the page, the paper lies from its own scale and shift alone."""
    plain = corners / np.array([grid.px_per_mm_x, grid.px_per_mm_y])
    error = (on_paper - on_paper.mean(axis=0)) - (plain - plain.mean(axis=0))
    return float(np.abs(error).max())
