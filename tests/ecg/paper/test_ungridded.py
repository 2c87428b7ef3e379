"""Copies that lost their grid: read by their rows and pulses, and called assumed."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from splkit.ecg.paper.contracts import GOOD_CONFIDENCE, Page
from splkit.ecg.paper.digitize import digitize
from splkit.ecg.paper.layout.ungridded import grid_by_rows, is_like
from splkit.ecg.paper.render.distort import distort
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.rendered import Rendered
from splkit.ecg.paper.render.style import Style
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.errors import RecordingError

BARE = Style("3x4", ("II",), grid="none", px_per_mm_x=6.0, px_per_mm_y=6.0)


@lru_cache
def drawn(style: Style, degrees: float = 0.0) -> Rendered:
    page = render_page(simulated_leads(4.0, seed=3), style, seed=3)
    return distort(page, (("rotation", degrees),), seed=3) if degrees else page


@pytest.mark.parametrize(
    ("style", "degrees", "exact"),
    [
        (BARE, 0.0, 0.004),
        (BARE, 2.0, 0.004),
        (replace(BARE, separator="gaps"), 1.0, 0.004),
        (replace(BARE, px_per_mm_y=6.15), 0.0, 0.01),
        (replace(BARE, pulse="none"), 1.0, 0.004),
        (replace(BARE, mm_per_s=50.0, limb_mm_per_mv=5.0, chest_mm_per_mv=5.0), 1.0, 0.01),
    ],
)
def test_rows_and_pulses_tell_the_scale(style: Style, degrees: float, exact: float) -> None:
    page = drawn(style, degrees)
    grid = grid_by_rows(find_ink(page.page).coverage)
    assert grid is not None
    assert grid.px_per_mm_x == pytest.approx(page.grid.px_per_mm_x, rel=0.004)
    assert grid.px_per_mm_y == pytest.approx(page.grid.px_per_mm_y, rel=exact)
    slants = [np.arctan2(each.page_from_mm[1, 0], each.page_from_mm[0, 0]) for each in (grid, page.grid)]
    assert np.degrees(abs(slants[0] - slants[1])) < 0.1


def test_such_a_page_is_read_and_called_assumed() -> None:
    page = drawn(BARE, 2.0)
    read = digitize(page.page)
    assert any(note.startswith("scale 6.0") and "assumed" in note for note in read.layout.assumed)
    assert max(each.quality.confidence for each in read.segments) < GOOD_CONFIDENCE
    true = next(each for each in page.traces if each.panel.lead == "V3")
    found = next(each for each in read.segments if each.lead == "V3")
    time_s = true.panel.start_s + np.arange(len(true.signal_mv)) / page.fs_hz
    at = found.start_s + np.arange(len(found.signal_mv)) / 500
    signal = np.interp(time_s, at, np.nan_to_num(found.signal_mv))
    assert np.corrcoef(signal, true.signal_mv)[0, 1] > 0.99


def test_pieces_of_lines_count_if_rows_have_their_scale() -> None:
    grid = drawn(BARE).grid
    assert is_like(grid, replace(grid, px_per_mm_x=1.01 * grid.px_per_mm_x))
    assert not is_like(grid, replace(grid, px_per_mm_x=1.04 * grid.px_per_mm_x))


def test_what_has_no_rows_is_still_refused_for_its_grid() -> None:
    text = np.full((900, 1400, 3), 255, np.uint8)
    rng = np.random.default_rng(0)
    for y, x in rng.integers((60, 60), (840, 1340), (400, 2)).tolist():
        text[y : y + 14, x : x + 9] = 20
    with pytest.raises(RecordingError, match="no grid"):
        digitize(Page(text, "letters"))


def test_scale_of_lines_that_is_ambiguous_is_that_of_the_rows() -> None:
    """Dotted lines 5 mm apart may be lines 1 mm apart of a page of 60 mm."""
    style = Style("3x4", (), grid="5mm", px_per_mm_x=3.6, px_per_mm_y=3.6)
    page = drawn(style)
    assert digitize(page.page).grid.px_per_mm_x == pytest.approx(3.6, rel=0.003)
