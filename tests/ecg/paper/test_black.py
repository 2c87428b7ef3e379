"""Lines as black as the trace, of copies and faxes: they are found, and taken out where no trace is."""

import numpy as np
import pytest

from splkit.ecg.paper.contracts import Hints, Plane
from splkit.ecg.paper.digitize import digitize
from splkit.ecg.paper.render.pages import SIMULATED, Pages
from splkit.ecg.paper.sheet.black import without_black_lines
from splkit.ecg.paper.sheet.grid import find_grid
from splkit.ecg.paper.sheet.ink import find_ink

PX_PER_MM, LINE_PX, WIDE, HIGH = 8.0, (13.0, 22.0), 960, 480


def lines(width_px: int, kept: float = 0.7) -> Plane:
    """Lines of 5 mm as a copy leaves them: of full ink, and in pieces of 3 mm of which some are lost."""
    rng = np.random.default_rng(5)
    drawn = np.zeros((HIGH, WIDE), np.float32)
    for plane, start in ((drawn, LINE_PX[1]), (drawn.T, LINE_PX[0])):
        for at in range(int(start), len(plane), 40):
            there = np.repeat(rng.random(plane.shape[1] // 24 + 1) < kept, 24)[: plane.shape[1]]
            plane[at : at + width_px, there] = 1
    return drawn


def trace(width_px: int) -> Plane:
    """A wave of 15 mm, steeper than 45 degrees at its middle."""
    x = np.arange(WIDE)
    y = 240 + 60 * np.sin(x / 45)
    high = np.hypot(1, 60 / 45 * np.cos(x / 45)) * width_px / 2
    rows = np.arange(HIGH)[:, None]
    return (np.abs(rows - y) <= high).astype(np.float32)


def test_black_lines_go_and_the_trace_stays() -> None:
    drawn = trace(4)
    left = without_black_lines(np.maximum(drawn, lines(1)), (PX_PER_MM, PX_PER_MM), LINE_PX)
    lost = (drawn > 0) & (left < 0.5)
    assert lost.sum() < 0.01 * drawn.sum()
    added = (left > 0.5) & (drawn == 0)
    assert added.sum() < 0.05 * (lines(1) * (drawn == 0)).sum()


def test_lines_as_thick_as_the_trace_are_left() -> None:
    page = np.maximum(trace(2), lines(2))
    page[82:84, 40:-40] = 1  # flat traces between lines
    page[282:284, 40:-40] = 1
    assert without_black_lines(page, (PX_PER_MM, PX_PER_MM), LINE_PX) is page


def test_paler_lines_are_left_to_be_subtracted() -> None:
    page = np.maximum(trace(4), 0.5 * lines(1, kept=1))
    assert without_black_lines(page, (PX_PER_MM, PX_PER_MM), LINE_PX) is page


def test_a_letter_where_the_copy_has_lost_the_line_is_left() -> None:
    page = np.maximum(trace(4), lines(1, kept=0.7))
    page[50:75, 560:820] = 0
    page[62, 660:676] = 1  # the bar of a letter, on a line's place
    assert page[62, 560:820].sum() == 16
    left = without_black_lines(page, (PX_PER_MM, PX_PER_MM), LINE_PX)
    assert np.array_equal(left[62, 661:675], page[62, 661:675])


def test_the_grid_of_a_copy_at_100_dpi_is_found() -> None:
    drawn = Pages(SIMULATED, any_style=True).draw(15)[0]
    assert dict(drawn.distortions)["copy"] > 0.7
    grid = find_grid(drawn.page, find_ink(drawn.page), Hints())
    assert grid.px_per_mm_x == pytest.approx(drawn.grid.px_per_mm_x, rel=2e-3)
    assert grid.px_per_mm_y == pytest.approx(drawn.grid.px_per_mm_y, rel=2e-3)


def test_a_copy_with_a_black_grid_is_read() -> None:
    drawn = Pages(SIMULATED, any_style=True).draw(17)[0]
    assert find_ink(drawn.page).one_hue
    read = digitize(drawn.page)
    assert (read.layout.name, read.layout.labels_read) == ("3x4+1", 1.0)
    found = next(each for each in read.segments if each.lead == "V5")
    true = next(each for each in drawn.traces if each.panel.lead == "V5")
    at_s = true.panel.start_s + np.arange(len(true.signal_mv)) / drawn.fs_hz
    read_mv = np.interp(at_s, found.start_s + np.arange(len(found.signal_mv)) / 500, found.signal_mv)
    error_px = (read_mv - true.signal_mv) * true.panel.mm_per_mv * drawn.grid.px_per_mm_y
    assert np.std(error_px) < 1.0
