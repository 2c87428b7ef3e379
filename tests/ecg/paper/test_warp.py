"""The sheet: the page's own pixels where it lies straight, else one warp to the millimetre."""

import numpy as np
import pytest
from support.drawn_paper import Paper, draw, scaled

from splkit.ecg.paper.contracts import Grid, Hints, Ink, Page
from splkit.ecg.paper.sheet.grid import find_grid
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.ecg.paper.sheet.warp import straighten
from splkit.errors import RecordingError


def blank(width: int = 400, height: int = 300) -> tuple[Page, Ink]:
    page = Page(np.full((height, width, 3), 255, np.uint8), "blank")
    return page, Ink(np.zeros((height, width), np.float32), np.zeros((height, width), np.float32))


def test_a_straight_page_keeps_its_pixels() -> None:
    page = draw(Paper(scaled(6.2, 6, 0, (3.3, 4.4))), 500, 400, 2)
    ink = find_ink(page)
    sheet = straighten(page, ink, find_grid(page, ink, Hints()))
    assert sheet.coverage is ink.coverage
    assert np.array_equal(sheet.page_from_sheet, np.eye(3))


def test_a_turned_page_is_laid_straight() -> None:
    page, ink = blank()
    ink.coverage[150, :] = 1
    grid = Grid(scaled(6, 5, 4, (10, 20)), 6, 5, 0)
    sheet = straighten(page, ink, grid)
    # The row lies 4 degrees askew on the paper; each of its pixels is found again where the matrix says.
    at = np.linalg.inv(sheet.page_from_sheet) @ np.array([[100, 200, 300], [150] * 3, [1] * 3])
    for x, y in (at[:2] / at[2]).T:
        column = sheet.coverage[:, round(x)]
        centre = float(np.average(np.arange(len(column)), weights=column))
        assert centre == pytest.approx(y + (round(x) - x) * np.tan(np.deg2rad(4)) * 5 / 6, abs=0.1)


def test_the_sheet_has_the_papers_scale() -> None:
    page, ink = blank()
    grid = Grid(scaled(6, 5, 4, (10, 20)), 6, 5, 0)
    sheet = straighten(page, ink, grid)
    mm = (
        np.linalg.inv(grid.page_from_mm)
        @ sheet.page_from_sheet
        @ np.array([[0, 60, 0], [0, 0, 50], [1, 1, 1]])
    )
    mm = mm[:2] / mm[2]
    assert mm[:, 1] - mm[:, 0] == pytest.approx([10, 0])
    assert mm[:, 2] - mm[:, 0] == pytest.approx([0, 10])


@pytest.mark.parametrize("turn_deg", [0, 4])
def test_a_finer_page_is_made_smaller(turn_deg: float) -> None:
    """To 10 px/mm; a dot on the page is where the matrix says."""
    page, ink = blank()
    ink.coverage[147:154, 197:204] = 1
    sheet = straighten(page, ink, Grid(scaled(16, 14, turn_deg, (10, 20)), 16, 14, 0))
    assert (sheet.px_per_mm_x, sheet.px_per_mm_y) == pytest.approx((10, 10), rel=0.01)
    y, x = np.indices(sheet.coverage.shape)
    dot = [float(np.average(at, weights=sheet.coverage)) for at in (x, y)]
    at = sheet.page_from_sheet @ [*dot, 1]
    assert at[:2] / at[2] == pytest.approx([200, 150], abs=0.05)
    assert float(sheet.coverage.sum()) == pytest.approx(49 * 100 / (16 * 14), rel=0.05)


def test_too_strong_a_perspective_is_refused() -> None:
    page, ink = blank()
    aslant = scaled(6, 6)
    aslant[2] = [0.012, 0, 1]
    with pytest.raises(RecordingError, match=r"warp: .* pixels from 400 x 300 in blank"):
        straighten(page, ink, Grid(aslant, 6, 6, 0))
