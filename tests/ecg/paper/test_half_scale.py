"""A grid at half or a third of its scale along one side: told by lines that are missing, or by its shape."""

import numpy as np
import pytest
from support.drawn_paper import Paper, draw, scaled

from splkit.ecg.paper.contracts import Grid, Hints, Ink
from splkit.ecg.paper.sheet import grid as sheet_grid
from splkit.ecg.paper.sheet.check import every_other_is_missing
from splkit.ecg.paper.sheet.grid import UnsureError, _found, _found_in_fax
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.ecg.paper.sheet.rectify import Rectified, rectify
from splkit.ecg.paper.sheet.scale import Profile, _fundamental


@pytest.mark.parametrize(("apart_mm", "missing"), [(5, False), (10, True)])
def test_every_other_line_is_missing(apart_mm: int, missing: bool) -> None:
    px = 8
    plane = np.zeros((100 * px, 400), np.float32)
    plane[:: apart_mm * px] = 1
    assert every_other_is_missing(Rectified(plane, np.ones(plane.shape, bool), px, np.zeros(2))) is missing


def test_a_square_page_is_no_fax_of_half_as_many_lines() -> None:
    """Stretched to twice its height, its level lines lie 10 mm apart where 5 mm are taken for them."""
    page = draw(Paper(scaled(8.1, 8.1, 0.5, (9, 5)), fine=None), 900, 600, 2)
    plane = find_ink(page).grid
    assert _found_in_fax(plane, page, Hints()) is None
    taller = np.repeat(plane, 2, axis=0)
    sheet = rectify(taller, scaled(8.1, 8.1, 0.5, (9, 10)), None, 8.1)
    assert sheet is not None
    assert every_other_is_missing(sheet)


@pytest.mark.parametrize("moved", [(1.0, 1.05), (1.25, 1.25), (1.0, 1.3)])
def test_finest_lines_at_another_scale_are_no_grid(
    monkeypatch: pytest.MonkeyPatch, moved: tuple[float, float]
) -> None:
    """A harmonic that dashes make, or lines that only one family has."""
    page = draw(Paper(scaled(6, 6)), 480, 360, 2)
    ink: Ink = find_ink(page)
    before = sheet_grid.by_finest_wave

    def elsewhere(plane: np.ndarray, grid: Grid) -> tuple[Grid, object]:
        same, off = before(plane, grid)
        scaled_grid = Grid(same.page_from_mm, same.px_per_mm_x * moved[0], same.px_per_mm_y * moved[1], 0.0)
        return scaled_grid, off

    monkeypatch.setattr(sheet_grid, "by_finest_wave", elsewhere)
    with pytest.raises(UnsureError, match="another scale"):
        _found(ink.grid, page, Hints())


@pytest.mark.parametrize("every", [3, 7, 9])
def test_harmonics_of_lines_are_told(every: int) -> None:
    """The wave that was followed has a line in every third, seventh or ninth of its places."""
    px = 8
    one = np.zeros(px * every * 40)
    for place in range(0, len(one), px * every):
        one[place : place + 2] = 1
    assert _fundamental(Profile(one, one, float(px))) == every
