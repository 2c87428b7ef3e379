"""Time begins where most witnesses have it: gaps, a line of dots, ends of the ink."""

import numpy as np
import pytest

from splkit.ecg.paper.layout.columns import _between_gaps, _by_separators
from splkit.ecg.paper.layout.separators import Separators
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


@pytest.mark.parametrize("are_bars", [True, False])
def test_small_marks_are_one_witness_of_three_and_bars_tell_alone(are_bars: bool) -> None:
    """Dots beside lines of a grid seem 9 ms late: the ink begins at 0.9 ms and ends at -3.9 ms."""
    span = Span(0.9, 100.0, True, False, np.array([100.0]), 1.2)
    assert _by_separators(Separators(9.2, (), are_bars), span, -3.9) == (9.2 if are_bars else 0.9)
    hidden = Span(0.9, 100.0, False, True, np.array([100.0]), 1.2)
    assert _by_separators(Separators(9.2, (), are_bars), hidden, -3.9) == 9.2


def test_blurred_ends_of_both_sides_tell_together_and_those_of_one_side_nothing() -> None:
    """A pen that seems 0.6 px too narrow has lines begin and end 0.3 px further out; others are letters'."""
    begins = [_End(100.1, 0.15), None, _End(99.9, 0.1), _End(96.0, 0.25)]
    ends = [_End(900.7, 0.1), _End(900.7, 0.2), *[_End(880.0, 0.5)] * 3]
    assert _between(begins, 100.2, ends, 900.2) == pytest.approx(0.1)
    assert _between(begins, 100.2, ends[:1], 900.2) is None
    assert _between(begins, 100.2, ends, 896.0) is None
