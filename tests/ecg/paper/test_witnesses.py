"""Time begins where most witnesses have it: gaps, a line of dots, ends of the ink."""

import numpy as np
import pytest

from splkit.ecg.paper.contracts import Sheet
from splkit.ecg.paper.layout.columns import _between_gaps
from splkit.ecg.paper.layout.known import KNOWN, Fit
from splkit.ecg.paper.layout.marks import find_marks
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.layout.separators import find_separators
from splkit.ecg.paper.layout.span import Span
from splkit.ecg.paper.trace.origin import _between, _End

PX = 5.4


def test_a_gap_that_letters_fill_does_not_move_the_columns() -> None:
    """One column seems to end 33 ms early, and one to begin 77 ms late: the others agree to 2 ms."""
    first, pitch, ms = 130.0, 64.5 * PX, 25 * PX / 1000
    ends = [first + k * pitch + 62.5 * PX + late * ms for k, late in enumerate((0.7, -33.2, -1.8))]
    begins = [first + k * pitch + late * ms for k, late in enumerate((77.2, 1.3, 0.1), 1)]
    right = first + 3 * pitch + 62.5 * PX
    columns = _between_gaps(
        list(zip(ends, begins, strict=True)),
        Span(first, right, True, True, np.array([right]), 2.0),
        25 * PX,
        PX,
    )
    assert np.array(columns.lefts) == pytest.approx(first + pitch * np.arange(4), abs=2 * ms)


def test_a_line_of_dots_stands_where_most_of_its_dots_do() -> None:
    """Dots at x.5, one of three boundaries with flanks of beats beside some of them."""
    coverage = np.zeros((300, 700), np.float32)
    known = next(each for each in KNOWN if each.base == "3x4" and not each.order)
    for k in (1, 2, 3):
        coverage[20:280:5, 50 + 150 * k] = coverage[20:280:5, 51 + 150 * k] = 0.9
    coverage[20:100, 203:205] = 0.9
    levels = np.array([60.0, 150.0, 240.0])
    rows = Rows(levels, np.zeros(coverage.shape, np.uint8), np.zeros(coverage.shape, np.uint8))
    marks = find_marks(Sheet(coverage, PX, PX, np.eye(3)))
    found = find_separators(marks, rows, Fit(known, 0, {}, (), (), 55.0, 150.0, 0.0), 150.0)
    assert found is not None and not found.are_bars
    assert found.first == pytest.approx(50.5, abs=0.1)


def test_blurred_ends_of_both_sides_tell_together_and_those_of_one_side_nothing() -> None:
    """A pen that seems 0.6 px too narrow has lines begin and end 0.3 px further out; one is a letter's."""
    begins = [_End(100.1, 0.15), None, _End(99.9, 0.1), _End(96.0, 0.25)]
    ends = [_End(900.7, 0.1), _End(900.7, 0.2), _End(880.0, 0.5)]
    assert _between(begins, 100.2, ends, 900.2) == pytest.approx(0.1)
    assert _between(begins, 100.2, ends[:1], 900.2) is None
    assert _between(begins, 100.2, ends, 896.0) is None
