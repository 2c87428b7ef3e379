"""Which way up a sheet lies, by its labels."""

from typing import Final

import numpy as np

from splkit.ecg.paper.choose import NEEDED, candidates, fit_all
from splkit.ecg.paper.contracts import Hints, Sheet
from splkit.ecg.paper.known import places
from splkit.ecg.paper.marks import find_marks
from splkit.ecg.paper.pulse import find_pulses
from splkit.ecg.paper.rows import find_rows
from splkit.ecg.paper.size import shrunk
from splkit.ecg.paper.span import trace_span

QUARTERS: Final = (0, 2, 1, 3)
"""In the order in which they are tried: upside down is the most usual after upright."""


def upright(sheet: Sheet) -> int:
    """The degrees, counterclockwise, by which the sheet must be turned for its labels to stand upright.

    0, 90, 180 or 270; 0 also where no way shows enough labels in their places. Each way tried costs
    as much as `find_layout`: call it where that has refused the sheet,
    then `find_layout(turned(sheet, degrees))`.
    """
    for quarters in QUARTERS:
        if _labels(turned(sheet, 90 * quarters)) >= NEEDED:
            return 90 * quarters
    return 0


def turned(sheet: Sheet, degrees: int) -> Sheet:
    """The sheet turned counterclockwise by 0, 90, 180 or 270 degrees."""
    quarters = degrees // 90 % 4
    h, w = sheet.coverage.shape
    # Pixels of the old sheet from those of the turned one.
    old = {
        0: [[1, 0, 0], [0, 1, 0]],
        1: [[0, -1, w - 1], [1, 0, 0]],
        2: [[-1, 0, w - 1], [0, -1, h - 1]],
        3: [[0, 1, 0], [-1, 0, h - 1]],
    }[quarters]
    x, y = sheet.px_per_mm_x, sheet.px_per_mm_y
    if quarters % 2:
        x, y = y, x
    coverage = np.ascontiguousarray(np.rot90(sheet.coverage, quarters))
    return Sheet(coverage, x, y, sheet.page_from_sheet @ np.array([*old, [0, 0, 1]], np.float64))


def _labels(sheet: Sheet) -> int:
    """How many labels of the best layout stand in their places."""
    small, _ = shrunk(sheet)
    marks = find_marks(small)
    rows = find_rows(marks)
    layouts = candidates(len(rows.levels), Hints())
    if not layouts:
        return 0
    span = trace_span(marks, rows, find_pulses(marks, rows))
    return len(fit_all(places(marks.words), marks, rows, span, layouts)[0].read)
