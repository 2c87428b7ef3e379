"""Lines of the trace's own hue are taken out of the sheet, and the trace stays."""

from dataclasses import replace

import numpy as np
import pytest
from support.drawn_paper import GREY, Paper, draw, scaled

from splkit.ecg.paper.contracts import Hints, Plane
from splkit.ecg.paper.sheet.cell import without_lines
from splkit.ecg.paper.sheet.grid import find_grid
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.ecg.paper.sheet.warp import straighten

STYLES = {
    "grey": {"fine": (215, 215, 215), "coarse": GREY},
    "dark": {"fine": (150, 150, 150), "coarse": (110, 110, 110)},
}


def error(coverage: Plane, truth: Plane) -> float:
    return float(np.sqrt(np.mean((coverage - truth) ** 2)))


@pytest.mark.parametrize("style", STYLES)
def test_the_sheet_shows_the_trace_as_on_plain_paper(style: str) -> None:
    plain = Paper(scaled(8, 8, 0, (3, 5)), fine=None, coarse=None, wiggle_mm=7)
    truth = find_ink(draw(plain, 600, 480, 3)).coverage
    page = draw(replace(plain, **STYLES[style]), 600, 480, 3)  # type: ignore[arg-type]
    ink = find_ink(page)
    sheet = straighten(page, ink, find_grid(page, ink, Hints()))
    assert error(sheet.coverage, truth) < 0.2 * error(ink.coverage, truth)
    trace = truth > 0.9
    assert sheet.coverage[trace].mean() == pytest.approx(1, abs=0.03)


def test_a_flat_trace_is_no_line() -> None:
    coverage = np.zeros((400, 800), np.float32)
    coverage[20:400:80] = 1
    kept = without_lines(coverage, (8, 8), (0, 0))
    assert np.array_equal(kept, coverage)
