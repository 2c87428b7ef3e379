"""Standard or Cabrera's order of the limb leads, where labels do not tell: the traces do.

In standard order aVR + aVL + aVF = 0, so the middle one is minus the sum of the others. In Cabrera's order
II, aVF and III stand there, and aVF = (II + III) / 2 (Einthoven 1912, Goldberger 1942).
"""

from typing import Final

import numpy as np

from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.roughline import BIN_MM, agreement, rough_line
from splkit.ecg.paper.layout.rows import Rows

SHOWN: Final = 0.6
"""Share of the beats that agree with one of the orders,"""
SUPPORTED: Final = 0.4
"""with the order that the labels are for, too,"""
CLEAR: Final = 0.3
"""and by so much more than with the other: the sum of two lines has the faults of both."""
ENOUGH_MM: Final = 3.75


def order_shown(marks: Marks, rows: Rows, fit: Fit) -> str | None:
    """The `Known.order` that the traces show: "", "Cabrera", or None where they do not tell.

    Args:
        marks: of the sheet.
        rows: of the sheet.
        fit: the layout that the labels are rather for.
    """
    column, first = divmod(3, fit.known.rows)
    if len(fit.known.columns) * fit.known.rows < 6:
        return None
    left = fit.first_x + column * fit.pitch
    x = np.round(np.arange(left + 0.06 * fit.pitch, left + 0.9 * fit.pitch, BIN_MM * marks.mm_x)).astype(int)
    x = np.clip(x, 0, marks.mask.shape[1] - 1)
    lines = [rough_line(marks, rows, r)[x] - rows.levels[r] for r in range(first, first + 3)]
    summed = lines[0] + lines[2]
    standard, cabrera = (agreement(lines[1], other, marks.mm_y) for other in (-summed, summed / 2))
    if max(standard.length_mm, cabrera.length_mm) < ENOUGH_MM:
        return None
    shown, share = max(("", standard.share), ("Cabrera", cabrera.share), key=lambda each: each[1])
    enough = SUPPORTED if shown == fit.known.order and fit.score > 0 else SHOWN
    return shown if abs(standard.share - cabrera.share) >= CLEAR and share >= enough else None
