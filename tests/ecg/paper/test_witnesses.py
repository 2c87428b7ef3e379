"""Time begins where most witnesses have it: gaps, dots, ends of the ink. And what tells no columns."""

import numpy as np
import pytest

from splkit.ecg.paper.contracts import Box
from splkit.ecg.paper.layout.columns import Columns, _between_gaps, _by_separators
from splkit.ecg.paper.layout.known import KNOWN, Fit
from splkit.ecg.paper.layout.layout import _tells_columns
from splkit.ecg.paper.layout.marks import Word
from splkit.ecg.paper.layout.separators import Separators
from splkit.ecg.paper.layout.span import Span

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


@pytest.mark.parametrize(
    ("labelled", "separated", "told"), [(1, False, False), (1, True, True), (2, False, True)]
)
def test_columns_without_labels_and_separators_are_not_told(
    labelled: int, separated: bool, told: bool
) -> None:
    """Nine of twelve rows were found, and "I", "II", "III" and "V6" read: they fit 6x2 with three strips."""
    known = next(each for each in KNOWN if each.base == "6x2" and not each.order)
    word = Word(Box(0, 0, 9, 9), np.zeros(1))
    read = {(row, column): word for row in range(3) for column in range(labelled)} | {(8, 0): word}
    columns = Columns((0.0, 50.0), 50.0, (Box(50, 0, 52, 9),) if separated else ())
    assert _tells_columns(Fit(known, 3, read, (), (), 0.0, 50.0, 0.0), columns) is told
